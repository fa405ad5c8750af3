import { expect } from 'chai';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

describe('HTTP: hostile input is refused, and never a 500', () => {
  const create = async () => {
    const errors: unknown[] = [];
    const harness = createApiHarness({ onError: (error) => errors.push(error) });
    await storeHulk(harness);
    return { ...harness, errors };
  };

  const ids = [
    '%',
    '%zz',
    '%ff',
    '%C0%AE',
    '%00',
    '%2F',
    '%2e%2e%2f',
    '..%2f..%2fetc%2fpasswd',
    '%25',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'a'.repeat(65),
    'a'.repeat(10_000),
    '%F0%9F%98%80',
    ':customer_id',
    '*',
    '{customer_id}',
    '~',
  ];
  for (const id of ids) {
    it(`R15: /profiles/${id.slice(0, 30)} is a 404`, async () => {
      const { send, errors } = await create();
      for (const [method, sent] of [
        ['GET', {}],
        ['DELETE', {}],
        ['PUT', { body: {} }],
      ] as const) {
        const { status } = await send(method, `/profiles/${id}`, sent);
        expect(status).to.equal(404);
      }
      expect(errors).to.deep.equal([]);
    });
  }

  for (const path of ['/profiles//', '/profiles/x/', '//profiles', '/Profiles', '/profiles/a/b', '/%70rofile']) {
    it(`${path} is not a URI of the API`, async () => {
      const { send } = await create();
      expect((await send('GET', path)).status).to.be.oneOf([404, 405]);
    });
  }

  it('R2: __proto__ is an unknown name in a profile and in a record, and pollutes no prototype', async () => {
    const { send } = await create();
    const raw = '{"__proto__": {"FirstName": "x", "polluted": true}, "Address": {"__proto__": {"polluted": true}}}';
    const { status, body } = await send('PUT', HULK_PATH, { raw });
    expect([status, body.code]).to.deep.equal([400, 'invalid_profile']);
    const pointers = body.violations.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).to.have.members(['/__proto__', '/Address/__proto__']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false);
  });

  for (const name of ['constructor', 'toString', 'length', 'hasOwnProperty', 'then', 'toJSON']) {
    it(`R2: ${name} is a name like any other`, async () => {
      const { schemas, send } = await create();
      await schemas.define(
        '1',
        {
          attributes: [{ name, type: 'string' }],
          extensions: [{ name: 'E', type: 'single-valued', attributes: [{ name, type: 'string' }] }],
        },
        { force: true },
      );
      expect((await send('PUT', HULK_PATH, { body: {} })).body).to.deep.equal({ customer_id: HULK.customer_id });
      const body = { customer_id: HULK.customer_id, [name]: 'x', E: { [name]: 'y' } };
      expect((await send('PUT', HULK_PATH, { body })).text).to.equal(JSON.stringify(body));
      expect((await send('GET', `${HULK_PATH}?extensions=*`)).text).to.equal(JSON.stringify(body));
      expect((await send('GET', `${HULK_PATH}?extensions=${name}`)).status).to.equal(404);
    });
  }

  it('R11: reports at most 100 violations', async () => {
    const { send } = await create();
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`Nope${index}`, index]));
    expect((await send('PUT', HULK_PATH, { body })).body.violations).to.have.length(100);
  });

  it('R2: __proto__ is an unknown criterion, and pollutes no prototype', async () => {
    const { send, errors } = await create();
    for (const query of ['__proto__=x', '__proto__.polluted=x', 'constructor.prototype=x']) {
      expect((await send('GET', `/profiles?${query}`)).status).to.equal(400);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false);
    expect(errors).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

describe('HTTP: hostile input is refused, and never answered by a 500', () => {
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
    '.',
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

  for (const path of [
    '/profiles/',
    '/profiles//',
    '//profiles',
    '/Profiles',
    '/profiles/a/b',
    '/../profiles/x/..',
    '/%70rofile',
  ]) {
    it(`${path} is no URI of the interface`, async () => {
      const { send } = await create();
      expect((await send('GET', path)).status).to.be.oneOf([404, 405]);
    });
  }

  it('R2: a member __proto__ is an unknown name, in the profile and in a record, and pollutes nothing', async () => {
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

  it('R11: at most 100 violations are answered', async () => {
    const { send } = await create();
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`Nope${index}`, index]));
    expect((await send('PUT', HULK_PATH, { body })).body.violations).to.have.length(100);
  });

  it('answers whatever is sent with an expected status and a problem document', async function () {
    this.timeout(60_000);
    const { send, errors } = await create();
    const segment = fc.oneof(
      fc.constantFrom('profiles', 'metadata', 'extensions', 'server', 'status', HULK.customer_id, 'Phone', ''),
      fc.string({ unit: 'grapheme' }).map((text) => encodeURIComponent(text.toWellFormed())),
      fc.webPath(),
    );
    const value = fc.oneof(fc.constantFrom('"1"', '*', 'application/json', '1', 'yes'), fc.string());
    const headers = fc.dictionary(
      fc.constantFrom(
        'if-match',
        'if-none-match',
        'x-genesys-tenantid',
        'x-genesys-segment',
        'content-type',
        'x-request-id',
      ),
      value.map((text) => text.replace(/[^\x20-\x7e]/g, '')),
      { maxKeys: 3 },
    );
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .dictionary(
          fc.constantFrom('FirstName', 'DOB', 'EmailAddress', 'Address', 'Phone', 'attributes', 'name', 'type'),
          fc.jsonValue(),
        )
        .map((members) => JSON.stringify(members)),
    );
    const request = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
      path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
      query: fc.oneof(
        fc.constant(''),
        fc.webQueryParameters().map((text) => `?extensions=${text}`),
        fc.constant('?force=yes'),
      ),
      headers,
      raw: json,
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, headers, raw }) => {
        const withBody = method !== 'GET' && method !== 'HEAD';
        const { status, body } = await send(method, `${path}${query}`, { headers, ...(withBody && { raw }) });
        expect(status).to.be.below(500);
        if (status >= 400 && method !== 'HEAD') expect(body.status).to.equal(status);
      }),
      { numRuns: 1_000 },
    );
    expect(errors).to.deep.equal([]);
  });
});

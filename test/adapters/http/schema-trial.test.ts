import { expect } from 'chai';
import type { ApiHarness } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';

const SCHEMA_PATH = '/metadata/profiles';
const EXTENSIONS_PATH = '/metadata/profiles/extensions';
const KEYS_PATH = '/metadata/identification-keys';
const NOTHING = {
  fits: true,
  profiles: 2,
  changed: 0,
  violations: [],
  residual: [],
  returning: [],
  records: [],
  agreeing: [],
  collisions: [],
  keys_in_use: [],
};
const NAME = { name: 'Name', type: 'string' };
const EMAIL = { name: 'Email', type: 'string' };

describeOnStorages('trying a schema change over HTTP', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await send('PUT', SCHEMA_PATH, { attributes: [NAME, EMAIL] });
    await send('POST', EXTENSIONS_PATH, { name: 'Phone', type: 'multi-valued', attributes: [NAME] });
    await send('POST', '/profiles', { customer_id: 'ann', Name: 'A', Email: 'x', Phone: [{ Name: 'home' }] });
    await send('POST', '/profiles', { customer_id: 'bob', Name: 'B', Email: 'x' });
  });

  const send = (method: 'PUT' | 'POST' | 'DELETE' | 'GET', path: string, body?: object) =>
    harness.send(method, path, body && { body });

  async function stored() {
    const [schema, extensions, keys] = await Promise.all(
      [SCHEMA_PATH, EXTENSIONS_PATH, KEYS_PATH].map((path) => send('GET', path)),
    );
    return [schema?.body, extensions?.body, keys?.body];
  }

  const ofAnn = (pointer: string) => ({ pointer, count: 1, profiles: 1, customer_ids: ['ann'] });
  const collisions = [{ key: 'byEmail', count: 1, customer_ids: ['ann', 'bob'] }];
  const key = { name: 'byEmail', attributes: ['Email'], unique: true };
  const attributes = [{ ...NAME, minLength: 9 }];

  it('S1 dry_run=yes answers 200 with the report, also where the change is a 409, and changes nothing', async () => {
    const before = await stored();
    const both = { count: 2, profiles: 2, customer_ids: ['ann', 'bob'] };
    const violation = { pointer: '/Name', rule: 'R24', expected: 'at least 9 code points (`minLength`)', ...both };
    const changes = [
      ['PUT', SCHEMA_PATH, { attributes }, { violations: [violation], residual: [{ pointer: '/Email', ...both }] }],
      ['POST', EXTENSIONS_PATH, { name: 'Visit', type: 'classifier' }, { fits: true }],
      ['DELETE', `${EXTENSIONS_PATH}/Phone`, undefined, { records: [ofAnn('/Phone')] }],
      ['POST', KEYS_PATH, key, { collisions }],
    ] as const;
    for (const [method, path, body, found] of changes) {
      const answer = await send(method, `${path}?dry_run=yes`, body);
      expect([answer.status, answer.body], path).to.deep.equal([200, { ...NOTHING, fits: false, ...found }]);
    }
    expect(await stored()).to.deep.equal(before);
    await send('POST', KEYS_PATH, { ...key, unique: false });
    expect((await send('DELETE', `${KEYS_PATH}/byEmail?dry_run=yes`)).body).to.deep.equal(NOTHING);
    expect((await send('GET', `${KEYS_PATH}/byEmail`)).status).to.equal(200);
  });

  it('S2 checked=yes refuses with the report', async () => {
    const before = await stored();
    const changes = [
      ['PUT', SCHEMA_PATH, { attributes }],
      ['DELETE', `${EXTENSIONS_PATH}/Phone`, undefined],
      ['POST', KEYS_PATH, key],
    ] as const;
    for (const [method, path, body] of changes) {
      const { body: report } = await send(method, `${path}?dry_run=yes`, body);
      const answer = await send(method, `${path}?checked=yes`, body);
      expect([answer.status, answer.body.code, answer.body.report]).to.deep.equal([409, 'schema_in_use', report]);
    }
    expect(await stored()).to.deep.equal(before);
    expect((await send('DELETE', `${EXTENSIONS_PATH}/Phone?checked=yes&force=yes`)).status).to.equal(204);
    expect((await send('POST', `${EXTENSIONS_PATH}?checked=yes`, { name: 'V', type: 'classifier' })).status).to.equal(
      201,
    );
  });

  it('S1 refuses what the change itself refuses, in the same way', async () => {
    const wrong = await send('PUT', `${SCHEMA_PATH}?dry_run=yes`, { attributes: [{ name: '1st', type: 'string' }] });
    expect([wrong.status, wrong.body.violations[0].pointer]).to.deep.equal([400, '/attributes/0/name']);
    const other = await send('PUT', `${SCHEMA_PATH}?dry_run=perhaps`, { attributes: [] });
    expect([other.status, other.body.code]).to.deep.equal([400, 'malformed_request']);
    expect((await send('DELETE', `${KEYS_PATH}/none?dry_run=yes`)).status).to.equal(404);
    const headers = { 'if-match': '"99"' };
    const options = { body: { attributes }, headers };
    expect((await harness.send('PUT', `${SCHEMA_PATH}?dry_run=yes`, options)).status).to.equal(412);
  });
});

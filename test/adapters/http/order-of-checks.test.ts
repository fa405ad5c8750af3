import { expect } from 'chai';
import { createApiHarness, type Sent } from './api-harness.js';
import { HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';

/** Accepts one header value, so that a request can have wrong credentials. */
const authenticate = (request: Request) =>
  request.headers.get('authorization') === 'Bearer writer'
    ? ({ name: 'writer', role: 'writer', tenants: ['1', '2'] } as const)
    : undefined;

const AUTHORIZED = { authorization: 'Bearer writer' };
const JSON_TYPE = { ...AUTHORIZED, 'content-type': 'application/json' };
const TEXT_TYPE = { ...AUTHORIZED, 'content-type': 'text/plain' };
const TENANT_1 = { ...JSON_TYPE, 'x-genesys-tenantid': '1' };
const TENANT_2 = { ...JSON_TYPE, 'x-genesys-tenantid': '2' };
const TENANT_3 = { ...JSON_TYPE, 'x-genesys-tenantid': '3' };
const STALE = { 'if-match': '"9"' };
const LARGE = ' '.repeat(300);

type Step = readonly [status: number, what: string, method: string, path: string, sent: Sent];

/** Each request fixes the fault of the one before, and keeps all faults that are checked later. */
const STEPS: readonly Step[] = [
  [401, 'no credentials', 'PATCH', '/nowhere', { raw: LARGE, headers: { 'content-type': 'text/plain' } }],
  [401, 'a tenant without access', 'PUT', '/nowhere', { raw: LARGE, headers: TENANT_3 }],
  [401, 'an insufficient role', 'PUT', '/metadata/profiles', { raw: LARGE, headers: TEXT_TYPE }],
  [404, 'an unknown URI', 'PUT', '/nowhere', { raw: LARGE, headers: TEXT_TYPE }],
  [405, 'a method that the URI does not have', 'POST', '/profiles/nobody', { raw: LARGE, headers: TEXT_TYPE }],
  [415, 'another media type', 'PUT', '/profiles/nobody', { raw: LARGE, headers: TEXT_TYPE }],
  [413, 'a body over the limit', 'PUT', '/profiles/nobody', { raw: LARGE, headers: JSON_TYPE }],
  [400, 'invalid JSON, and no tenant', 'PUT', '/profiles/nobody', { raw: '{', headers: JSON_TYPE }],
  [400, 'no tenant', 'PUT', '/profiles/nobody', { body: { Nope: 1 }, headers: { ...JSON_TYPE, ...STALE } }],
  [400, 'invalid JSON', 'PUT', '/profiles/nobody', { raw: '{', headers: { ...TENANT_2, ...STALE } }],
  [400, 'another customer_id', 'PUT', '/profiles/nobody', { body: { customer_id: 'x' }, headers: TENANT_2 }],
  [400, 'a bad If-Match', 'PUT', '/profiles/nobody', { body: {}, headers: { ...TENANT_2, 'if-match': '9' } }],
  [403, 'no schema', 'PUT', '/profiles/nobody', { body: { Nope: 1 }, headers: { ...TENANT_2, ...STALE } }],
  [404, 'no profile', 'PUT', '/profiles/nobody', { body: { Nope: 1 }, headers: { ...TENANT_1, ...STALE } }],
  [400, 'violations', 'PUT', HULK_PATH, { body: { Nope: 1 }, headers: { ...TENANT_1, ...STALE } }],
  [412, 'an outdated revision', 'PUT', HULK_PATH, { body: {}, headers: { ...TENANT_1, ...STALE } }],
  [200, 'no fault', 'PUT', HULK_PATH, { body: {}, headers: { ...TENANT_1, 'if-match': '"1"' } }],
];

describe('order of checks: 401, 404/405, 415, 413, 400 syntax, 403, 404, 400 violations, 428/412, 409', () => {
  const create = async () => {
    const harness = createApiHarness({ defaultTenant: undefined, maxBodyBytes: 200, authenticate });
    await harness.schemas.define('1', HULK_SCHEMA);
    await harness.profiles.create('1', { customerId: HULK_PATH.slice('/profiles/'.length), attributes: {} });
    return harness;
  };

  for (const [index, [status, what, method, path, sent]] of STEPS.entries()) {
    it(`${index + 1}. ${what}: ${status}`, async () => {
      const { send } = await create();
      expect((await send(method, path, sent)).status).to.equal(status);
    });
  }

  it('428 comes after violations', async () => {
    const harness = createApiHarness({ services: { requireExpectedRevision: true } });
    await storeHulk(harness);
    expect((await harness.send('PUT', HULK_PATH, { body: { Nope: 1 } })).status).to.equal(400);
    expect((await harness.send('PUT', HULK_PATH, { body: {} })).status).to.equal(428);
  });

  it('409 comes after violations and after 403', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    const post = (body: object, headers = {}) => harness.send('POST', '/profiles', { body, headers });
    const taken = { customer_id: HULK_PATH.slice('/profiles/'.length) };
    expect((await post({ ...taken, Nope: 1 }, { 'x-genesys-tenantid': '2' })).status).to.equal(403);
    expect((await post({ ...taken, Nope: 1 })).status).to.equal(400);
    expect((await post(taken)).status).to.equal(409);
  });

  it('409: erased comes after violations, and before identity_taken and the 404 of what is gone', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    await harness.schemas.addKey('1', { name: 'byName', attributes: ['FirstName'], unique: true });
    await harness.send('POST', '/profiles', { body: { customer_id: 'gone', FirstName: 'Thor' } });
    await harness.send('POST', '/profiles/gone/erasure');
    await harness.send('POST', '/profiles', { body: { FirstName: 'Thor' } });
    const codeOf = async (path: string, body?: object) => (await harness.send('POST', path, { body })).body.code;
    const taken = { customer_id: 'gone', FirstName: 'Thor' };
    expect(await codeOf('/profiles', { ...taken, Nope: 1 })).to.equal('invalid_profile');
    expect(await codeOf('/profiles', taken)).to.equal('erased');
    expect(await codeOf('/profiles/gone/history/1/restore')).to.equal('erased');
  });

  it('409: loss_not_allowed comes after violations and 412, and before identity_taken', async () => {
    const harness = createApiHarness({ services: { lossGuard: true } });
    await storeHulk(harness);
    await harness.schemas.addKey('1', { name: 'byName', attributes: ['FirstName'], unique: true });
    await harness.send('POST', '/profiles', { body: { FirstName: 'Thor' } });
    const replace = async (body: object, query = '', headers: Sent['headers'] = {}) => {
      const answer = await harness.send('PUT', `${HULK_PATH}${query}`, { body, headers });
      return [answer.status, answer.body.code];
    };
    const taken = { FirstName: 'Thor', LastName: null, EmailAddress: [] };
    expect(await replace({ ...taken, Nope: 1 }, '', STALE)).to.deep.equal([400, 'invalid_profile']);
    expect(await replace(taken, '', STALE)).to.deep.equal([412, 'revision_conflict']);
    expect(await replace(taken)).to.deep.equal([409, 'loss_not_allowed']);
    expect(await replace(taken, '?allow_loss=DOB')).to.deep.equal([409, 'identity_taken']);
  });

  it('400 for a query parameter comes before 404', async () => {
    const { send } = createApiHarness();
    expect((await send('GET', '/profiles/nobody?extensions=A&extensions=B')).status).to.equal(400);
    for (const query of ['force=maybe', 'residual=maybe']) {
      expect((await send('DELETE', `/metadata/profiles/extensions/Nope?${query}`)).status, query).to.equal(400);
    }
    for (const query of ['dry_run=maybe', 'rebase=maybe', 'allow_loss=*']) {
      expect((await send('PUT', `/profiles/nobody?${query}`, { body: {} })).status, query).to.equal(400);
    }
    for (const query of ['', 'A=1&A=2', 'A=1&include_profile=x', 'A=1&include_extensions=x', 'A=1&_after=/', 'A=%ff']) {
      expect((await send('GET', `/profiles?${query}`)).status, query).to.equal(400);
    }
    expect((await send('GET', '/profiles?A=1')).status).to.equal(404);
  });

  it('POST /profiles/{id}/history/{revision}/restore: 400, 403, 404 for the profile and the state, 428/412', async () => {
    const harness = createApiHarness({ services: { requireExpectedRevision: true } });
    await storeHulk(harness);
    const [stale, wrong, elsewhere] = [STALE, { 'if-match': '9' }, { 'x-genesys-tenantid': '2' }];
    const restore = async (id: string, revision: number, headers: Sent['headers'] = {}) =>
      (await harness.send('POST', `/profiles/${id}/history/${revision}/restore`, { headers })).status;
    const id = HULK_PATH.slice('/profiles/'.length);
    expect(await restore('nobody', 1, { ...wrong, ...elsewhere })).to.equal(400);
    expect(await restore('nobody', 1, { ...stale, ...elsewhere })).to.equal(403);
    expect(await restore('nobody', 1, stale)).to.equal(404);
    expect(await restore(id, 2, stale)).to.equal(404);
    expect(await restore(id, 1, stale)).to.equal(412);
    expect(await restore(id, 1)).to.equal(428);
    expect(await restore(id, 1, { 'if-match': '"1"' })).to.equal(200);
  });

  const changes = [
    ['POST', 'extensions', { Phone: { PhoneNumber: '1' } }],
    ['PUT', 'extensions/Phone/by/unique', { PhoneNumber: '555-0100' }],
    ['PUT', 'extensions/Phone/delete/by/unique', { PhoneNumber: '555-0100' }],
    ['PUT', 'merge/jen', { force_merge: true }],
  ] as const;
  for (const [method, path, body] of changes) {
    it(`${method} /profiles/{id}/${path}: 404 for the URI, 415, 413, 400, 403, 404, 428/412`, async () => {
      const harness = createApiHarness({ services: { requireExpectedRevision: true } });
      await storeHulk(harness);
      await harness.send('POST', '/profiles', { body: { customer_id: 'jen' } });
      const nobody = `/profiles/nobody/${path}`;
      const [stale, wrong, elsewhere] = [STALE, { 'if-match': '9' }, { 'x-genesys-tenantid': '2' }];
      const large = ' '.repeat(2 ** 20 + 1);
      const text = { ...stale, 'content-type': 'text/plain' };
      const statuses = [
        await harness.send(method, `${nobody}/nowhere`, { raw: large, headers: text }),
        await harness.send(method, nobody, { raw: large, headers: { ...text, ...elsewhere } }),
        await harness.send(method, nobody, { raw: large, headers: { ...stale, ...elsewhere } }),
        await harness.send(method, nobody, { raw: '{', headers: { ...stale, ...elsewhere } }),
        await harness.send(method, nobody, { body, headers: { ...wrong, ...elsewhere } }),
        await harness.send(method, nobody, { body, headers: { ...stale, ...elsewhere } }),
        await harness.send(method, nobody, { body, headers: stale }),
        await harness.send(method, `${HULK_PATH}/${path}`, { body, headers: stale }),
        await harness.send(method, `${HULK_PATH}/${path}`, { body }),
        await harness.send(method, `${HULK_PATH}/${path}`, { body, headers: { 'if-match': '"1"' } }),
      ].map(({ status }) => status);
      expect(statuses.slice(0, 9)).to.deep.equal([404, 415, 413, 400, 400, 403, 404, 412, 428]);
      expect(statuses[9]).to.be.below(300);
    });
  }
});

import { expect } from 'chai';
import type { Principal, Role } from 'dossier/http';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, HULK_SCHEMA } from './hulk.js';

const EXTENSIONS_PATH = '/metadata/profiles/extensions';
const KEYS_PATH = '/metadata/identification-keys';
const [, PHONE] = HULK_SCHEMA.extensions ?? [];
const BY_PHONE = { name: 'byPhone', source: 'Phone', attributes: ['PhoneNumber'] };
const RECORD = { PhoneNumber: '555-0100' };

/** Each operation with its role and its success status. They build on each other. */
const OPERATIONS: readonly (readonly [role: Role, status: number, method: string, path: string, body?: unknown])[] = [
  ['administrator', 200, 'PUT', '/metadata/profiles', { attributes: HULK_SCHEMA.attributes }],
  ['reader', 200, 'GET', '/metadata/profiles'],
  ['reader', 200, 'GET', '/metadata/profiles/schema.json'],
  ['administrator', 201, 'POST', EXTENSIONS_PATH, PHONE],
  ['reader', 200, 'GET', EXTENSIONS_PATH],
  ['reader', 200, 'GET', `${EXTENSIONS_PATH}/Phone`],
  ['administrator', 201, 'POST', KEYS_PATH, BY_PHONE],
  ['reader', 200, 'GET', KEYS_PATH],
  ['reader', 200, 'GET', `${KEYS_PATH}/byPhone`],
  ['writer', 201, 'POST', '/profiles', { customer_id: HULK.customer_id, FirstName: 'Bruce' }],
  ['reader', 200, 'GET', HULK_PATH],
  ['reader', 200, 'HEAD', HULK_PATH],
  ['writer', 200, 'PUT', HULK_PATH, { FirstName: 'Hulk' }],
  ['writer', 200, 'PATCH', HULK_PATH, { FirstName: 'Bruce' }],
  ['writer', 200, 'POST', `${HULK_PATH}/extensions`, { Phone: RECORD }],
  ['reader', 200, 'GET', '/profiles?Phone.PhoneNumber=555-0100'],
  ['writer', 204, 'PUT', `${HULK_PATH}/extensions/Phone/by/unique`, RECORD],
  ['writer', 204, 'PUT', `${HULK_PATH}/extensions/Phone/delete/by/unique`, RECORD],
  ['writer', 201, 'POST', '/profiles', { customer_id: 'source' }],
  ['writer', 204, 'PUT', `${HULK_PATH}/merge/source`],
  ['writer', 200, 'DELETE', HULK_PATH],
  ['administrator', 204, 'DELETE', `${KEYS_PATH}/byPhone`],
  ['administrator', 204, 'DELETE', `${EXTENSIONS_PATH}/Phone`],
];

const ROLES: readonly Role[] = ['reader', 'writer', 'administrator'];

describe('HTTP: authentication and roles', () => {
  let principal: Principal | undefined;
  const harnessFor = (initial: Principal | undefined) => {
    principal = initial;
    return createApiHarness({ authenticate: async () => principal });
  };

  it('not_allowed: each operation requires its role or a higher one', async () => {
    const { send } = harnessFor(undefined);
    for (const [needed, success, method, path, body] of OPERATIONS) {
      const sent = body === undefined ? {} : { body };
      for (const role of ROLES.slice(0, ROLES.indexOf(needed))) {
        principal = { name: 'someone', role };
        const answer = await send(method, path, sent);
        expect([answer.status, answer.body.code], `${role}: ${method} ${path}`).to.deep.equal([401, 'not_allowed']);
        expect(answer.headers.has('www-authenticate')).to.equal(true);
      }
      principal = { name: 'someone', role: needed };
      expect((await send(method, path, sent)).status, `${needed}: ${method} ${path}`).to.equal(success);
    }
  });

  it('refuses everything to an unknown role', async () => {
    const { send } = harnessFor({ name: 'someone', role: 'root' as Role });
    expect((await send('GET', HULK_PATH)).body.code).to.equal('not_allowed');
  });

  it('unauthenticated: without a principal every URI is a 401, also an unknown one', async () => {
    const { send } = harnessFor(undefined);
    for (const [, , method, path] of [
      ...OPERATIONS,
      ['', 0, 'GET', '/nowhere'],
      ['', 0, 'PATCH', '/profiles'],
    ] as const) {
      if (method === 'HEAD') continue;
      const { status, body } = await send(method, path);
      expect([status, body.code], `${method} ${path}`).to.deep.equal([401, 'unauthenticated']);
    }
  });

  it('returns the challenge of the host', async () => {
    const { send } = createApiHarness({ authenticate: () => undefined, challenge: 'Bearer realm="crm"' });
    expect((await send('GET', HULK_PATH)).headers.get('www-authenticate')).to.equal('Bearer realm="crm"');
  });

  it('passes the request to authenticate, and can still read its body', async () => {
    const harness = createApiHarness({
      authenticate: (request) =>
        request.headers.get('authorization') === 'Bearer x' ? { name: 'x', role: 'writer' } : undefined,
    });
    await harness.schemas.define('1', HULK_SCHEMA);
    const headers = { authorization: 'Bearer x' };
    expect((await harness.send('POST', '/profiles', { body: HULK, headers })).status).to.equal(201);
    expect((await harness.send('POST', '/profiles', { body: HULK })).status).to.equal(401);
  });

  it('an error in authenticate is a 500, and the operation does not run', async () => {
    const errors: unknown[] = [];
    const authenticate = () => {
      throw new Error('secret');
    };
    const { send } = createApiHarness({ authenticate, onError: (error) => errors.push(error) });
    const { status, text } = await send('GET', '/metadata/profiles');
    expect(status).to.equal(500);
    expect(text).not.to.include('secret');
    expect(errors).to.have.length(1);
  });

  describe('W1: a caller bound to tenants has no access to others', () => {
    const bound: Principal = { name: 'branch', role: 'administrator', tenants: ['1', '007'] };

    it('has access to its own, with or without leading zeros', async () => {
      const harness = harnessFor(bound);
      await harness.schemas.define('1', HULK_SCHEMA);
      await harness.schemas.define('7', HULK_SCHEMA);
      for (const tenant of ['1', '0001', '7', '07']) {
        const headers = { 'x-genesys-tenantid': tenant };
        expect((await harness.send('GET', '/metadata/profiles', { headers })).status, tenant).to.equal(200);
      }
    });

    it('cannot tell whether another tenant exists', async () => {
      const harness = harnessFor(bound);
      await harness.schemas.define('2', HULK_SCHEMA);
      const answers = await Promise.all(
        ['2', '3'].map((tenant) =>
          harness.send('GET', '/metadata/profiles', { headers: { 'x-genesys-tenantid': tenant } }),
        ),
      );
      for (const { status, body } of answers) expect([status, body.code]).to.deep.equal([401, 'not_allowed']);
      expect(answers[0]?.text).to.equal(answers[1]?.text);
    });

    it('has access to the default tenant only if bound to it', async () => {
      expect((await harnessFor({ ...bound, tenants: ['2'] }).send('GET', '/metadata/profiles')).status).to.equal(401);
      expect((await harnessFor({ ...bound, tenants: [] }).send('GET', '/metadata/profiles')).status).to.equal(401);
      expect((await harnessFor(bound).send('GET', '/metadata/profiles')).status).to.equal(404);
    });
  });
});

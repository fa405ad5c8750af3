import { expect } from 'chai';
import { ReferencedError, StorageUnavailableError } from 'dossier';
import { type ApiHarnessOptions, createApiHarness, type Sent } from './api-harness.js';
import { FailingRepository } from './failing-repository.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';

interface Row {
  readonly code: string;
  readonly status: number;
  readonly request: readonly [method: string, path: string, sent?: Sent];
  readonly options?: ApiHarnessOptions;
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
}

const [, PHONE] = HULK_SCHEMA.extensions ?? [];
const OTHER_TENANT = { 'x-genesys-tenantid': '2' };
const READER = { authenticate: () => ({ name: 'reader', role: 'reader' }) as const };
const CHALLENGE = { 'www-authenticate': 'Basic realm="Dossier", charset="UTF-8"' };

const ROWS: readonly Row[] = [
  { code: 'malformed_request', status: 400, request: ['PUT', HULK_PATH, { raw: '{' }] },
  { code: 'invalid_profile', status: 400, request: ['PUT', HULK_PATH, { body: { DOB: 'May' } }] },
  { code: 'invalid_schema', status: 400, request: ['PUT', '/metadata/profiles', { body: { attributes: 1 } }] },
  {
    code: 'unauthenticated',
    status: 401,
    request: ['GET', HULK_PATH],
    options: { authenticate: () => undefined },
    headers: CHALLENGE,
  },
  { code: 'not_allowed', status: 401, request: ['DELETE', HULK_PATH], options: READER, headers: CHALLENGE },
  { code: 'schema_not_defined', status: 403, request: ['PUT', HULK_PATH, { body: {}, headers: OTHER_TENANT }] },
  { code: 'not_found', status: 404, request: ['GET', '/profiles/nobody'] },
  { code: 'not_found', status: 404, request: ['GET', '/nowhere'] },
  { code: 'method_not_allowed', status: 405, request: ['PATCH', '/profiles'], headers: { allow: 'GET, HEAD, POST' } },
  { code: 'already_exists', status: 409, request: ['POST', '/profiles', { body: HULK }] },
  { code: 'already_exists', status: 409, request: ['POST', '/metadata/profiles/extensions', { body: PHONE }] },
  {
    code: 'erased',
    status: 409,
    request: ['POST', '/profiles', { body: { ...HULK, customer_id: 'gone' } }],
  },
  {
    code: 'loss_not_allowed',
    status: 409,
    request: ['PUT', HULK_PATH, { body: { FirstName: 'Bruce', LastName: null, EmailAddress: [] } }],
    options: { services: { lossGuard: true } },
    members: { pointers: ['/DOB'] },
  },
  { code: 'schema_in_use', status: 409, request: ['DELETE', '/metadata/profiles/extensions/Phone'] },
  {
    code: 'revision_conflict',
    status: 412,
    request: ['PUT', HULK_PATH, { body: {}, headers: { 'if-match': '"9"' } }],
    headers: { etag: '"1"' },
    members: { current_revision: 1, changed: undefined, conflicting: undefined },
  },
  {
    code: 'too_large',
    status: 413,
    request: ['PUT', HULK_PATH, { raw: ' '.repeat(2 ** 20 + 1) }],
    members: { limit: 2 ** 20 },
  },
  { code: 'unsupported_media_type', status: 415, request: ['PUT', HULK_PATH] },
  {
    code: 'precondition_required',
    status: 428,
    request: ['PUT', HULK_PATH, { body: {} }],
    options: { services: { requireExpectedRevision: true } },
  },
  {
    code: 'not_supported',
    status: 501,
    request: ['GET', `${HULK_PATH}/history`],
    options: { services: { history: 'none' }, onError: () => undefined },
  },
];

describe('error table', () => {
  for (const { code, status, request, options, headers = {}, members = {} } of ROWS) {
    it(`${code}: ${request[0]} ${request[1]} returns ${status} as application/problem+json`, async () => {
      const repository = new FailingRepository();
      const harness = createApiHarness({ repository });
      await storeHulk(harness);
      await harness.profiles.create('1', { customerId: 'gone', attributes: {} });
      await harness.profiles.erase('1', 'gone');
      const answer = await createApiHarness({ repository, ...options }).send(...request);
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('content-type')).to.equal('application/problem+json');
      expect(answer.body).to.include({ type: `urn:dossier:error:${code}`, status, code });
      expect(answer.body.title).to.be.a('string').that.is.not.empty;
      expect(answer.body.detail).to.be.a('string').that.is.not.empty;
      for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).to.equal(value);
      for (const [name, value] of Object.entries(members)) expect(answer.body[name]).to.deep.equal(value);
    });
  }

  it('405 lists the methods of the path in Allow', async () => {
    const { send } = createApiHarness();
    const allowed: Record<string, string> = {
      '/profiles': 'GET, HEAD, POST',
      '/profiles/': 'GET, HEAD, POST',
      '/profiles/x': 'GET, HEAD, PUT, PATCH, DELETE',
      '/profiles/x/extensions': 'POST',
      '/profiles/x/extensions/y/by/unique': 'PUT',
      '/profiles/x/extensions/y/delete/by/unique': 'PUT',
      '/profiles/x/merge/y': 'PUT',
      '/profiles/x/history': 'GET, HEAD',
      '/profiles/x/history/1': 'GET, HEAD',
      '/profiles/x/history/1/restore': 'POST',
      '/profiles/x/erasure': 'GET, HEAD, POST',
      '/profiles/x/history/1/restore/': 'POST',
      '/metadata/profiles': 'GET, HEAD, PUT',
      '/metadata/profiles/extensions': 'GET, HEAD, POST',
      '/metadata/profiles/extensions/x': 'GET, HEAD, PUT, DELETE',
      '/metadata/identification-keys': 'GET, HEAD, POST',
      '/metadata/identification-keys/x': 'GET, HEAD, DELETE',
      '/metadata/profiles/schema.json': 'GET, HEAD',
      '/server/status': 'GET, HEAD',
      '/openapi.json': 'GET, HEAD',
    };
    for (const [path, methods] of Object.entries(allowed)) {
      for (const method of ['PATCH', 'OPTIONS', 'PROPFIND'].filter((one) => !methods.includes(one))) {
        const { status, headers } = await send(method, path);
        expect([status, headers.get('allow')], `${method} ${path}`).to.deep.equal([405, methods]);
      }
    }
  });

  it('referenced: returns 409', async () => {
    const repository = new FailingRepository();
    const harness = createApiHarness({ repository });
    await storeHulk(harness);
    repository.failure = new ReferencedError({ driverCode: '23503' });
    const { status, text, body } = await harness.send('DELETE', HULK_PATH);
    expect([status, body.code, body.title]).to.deep.equal([409, 'referenced', 'Referenced']);
    expect(text).not.to.contain('23503');
  });

  it('storage_unavailable: returns 503 with Retry-After and outcome_unknown', async () => {
    const repository = new FailingRepository();
    const errors: unknown[] = [];
    const harness = createApiHarness({ repository, onError: (error) => errors.push(error) });
    await storeHulk(harness);
    repository.failure = new StorageUnavailableError('The database is gone.', { outcomeUnknown: true });
    const { status, headers, body } = await harness.send('PUT', HULK_PATH, { body: {} });
    expect([status, body.code, body.outcome_unknown]).to.deep.equal([503, 'storage_unavailable', true]);
    expect(headers.get('retry-after')).to.match(/^[1-9][0-9]*$/);
    expect(errors).to.deep.equal([repository.failure]);
  });

  for (const failure of [
    new Error('select secret from dossier'),
    'secret',
    null,
    { code: 'not_found', message: 'secret' },
  ]) {
    it(`an unexpected fault (${failure instanceof Error ? 'Error' : JSON.stringify(failure)}) returns 500 without internal detail`, async () => {
      const repository = new FailingRepository();
      const errors: unknown[] = [];
      const harness = createApiHarness({ repository, onError: (error) => errors.push(error) });
      await storeHulk(harness);
      repository.failure = failure;
      const { status, text, body } = await harness.send('GET', HULK_PATH);
      expect([status, body.code, body.title]).to.deep.equal([500, 'internal_error', 'Internal error']);
      expect(text).not.to.match(/secret|Error:|\.ts|at /);
      expect(errors).to.deep.equal([failure]);
    });
  }
});

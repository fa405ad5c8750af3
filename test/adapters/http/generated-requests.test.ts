import { expect } from 'chai';
import type { Role } from 'dossier/http';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';
import { type Answer, createApiHarness } from './api-harness.js';
import { describedAnswers } from './described-answers.js';
import { PERSONAL } from './generated-bodies.js';
import { type GeneratedRequest, generatedRequest, NEWEST_TAG } from './generated-requests.js';
import { storeHeroes } from './heroes.js';
import { STORAGES, type TestStorage } from './storages.js';

/** At least so many requests are sent to each storage. */
const REQUESTS = Number(process.env.DOSSIER_TEST_REQUESTS ?? propertyRuns({ full: 3_000, quick: 400 }));

const STATUS_OF: Readonly<Record<string, number>> = {
  malformed_request: 400,
  invalid_profile: 400,
  invalid_schema: 400,
  unauthenticated: 401,
  not_allowed: 401,
  schema_not_defined: 403,
  not_found: 404,
  method_not_allowed: 405,
  identity_taken: 409,
  already_exists: 409,
  erased: 409,
  merge_conflict: 409,
  loss_not_allowed: 409,
  schema_in_use: 409,
  revision_conflict: 412,
  too_large: 413,
  unsupported_media_type: 415,
};

const SUCCESS_OF: Readonly<Record<string, readonly number[]>> = {
  GET: [200, 304],
  HEAD: [200, 304],
  POST: [200, 201],
  PUT: [200, 204],
  PATCH: [200],
  DELETE: [200, 204],
};

/** Takes the role from a header, so that a request can have wrong credentials. */
const authenticate = (request: Request) => {
  const role = request.headers.get('x-role') ?? 'administrator';
  return role === 'nobody' ? undefined : { name: role, role: role as Role, maySetSegment: true, maySetActor: true };
};

function expectByTheTable({ method }: GeneratedRequest, { status, headers, text, body }: Answer): void {
  if (status < 400) {
    expect(status).to.be.oneOf(SUCCESS_OF[method] ?? []);
    if (status === 204 || status === 304 || method === 'HEAD') expect(text).to.equal('');
    else expect(headers.get('content-type')).to.match(/^application\/(?:schema\+)?json$/);
    return;
  }
  expect(headers.get('content-type')).to.equal('application/problem+json');
  expect(headers.has('www-authenticate')).to.equal(status === 401);
  expect(headers.has('allow')).to.equal(status === 405);
  if (method === 'HEAD') return;
  expect(body.status).to.equal(status);
  expect(STATUS_OF[body.code], body.code).to.equal(status);
  expect(text).not.to.include(PERSONAL);
  if ('violations' in body) expect(body.violations).to.have.length.within(1, 100);
}

/** Puts the newest tag that was answered where a request asks for it. */
function withTag(headers: GeneratedRequest['headers'], tag: string): GeneratedRequest['headers'] {
  const entries = Object.entries(headers).map(([name, text]) => [name, text.replace(NEWEST_TAG, () => tag)]);
  return Object.fromEntries(entries);
}

const requestOf = (method: string, path: string, headers: GeneratedRequest['headers'] = {}, body?: unknown) => ({
  method,
  path,
  headers,
  raw: body === undefined ? undefined : JSON.stringify(body),
});

/** Generated requests get these responses too seldom to rely on: 201, 412, 204 and 403. */
const WITH_RARE_RESPONSES: readonly GeneratedRequest[] = [
  requestOf('POST', '/profiles', {}, { customer_id: 'a', Age: 7 }),
  requestOf('PUT', '/profiles/a', { 'if-match': '"9"' }, { Age: 8 }),
  requestOf('PUT', '/profiles/bruce/merge/a', {}, { force_merge: true }),
  requestOf('POST', '/profiles', { 'x-genesys-tenantid': '3' }, { Age: 7 }),
];

interface Conversation {
  readonly expectDescribed: Awaited<ReturnType<typeof describedAnswers>>;
  readonly statuses: Set<number>;
  requests: number;
}

/** Sends requests one after the other to an API on its own storage. */
async function converse(
  storage: TestStorage,
  requests: readonly GeneratedRequest[],
  conversation: Conversation,
): Promise<void> {
  const { repository, close } = await storage.open();
  try {
    const errors: unknown[] = [];
    let route: string | undefined;
    const harness = createApiHarness({
      repository,
      authenticate,
      onError: (error) => errors.push(error),
      onRequest: (entry) => {
        route = entry.route;
      },
    });
    await storeHeroes(harness);
    await harness.schemas.addKey('1', { name: 'oneAge', attributes: ['Age'], unique: true });
    await harness.schemas.define('2', { attributes: [] });
    let tag = '';
    for (const request of requests) {
      const { method, path, raw } = request;
      const headers = withTag(request.headers, tag);
      const answer = await harness.send(method, path, { headers, ...(raw !== undefined && { raw }) });
      tag = answer.headers.get('etag') ?? tag;
      expectByTheTable(request, answer);
      if (route !== undefined) conversation.expectDescribed(method, route, answer);
      expect(errors).to.deep.equal([]);
      conversation.requests += 1;
      conversation.statuses.add(answer.status);
    }
  } finally {
    await close();
  }
}

for (const storage of STORAGES) {
  describe(`HTTP on ${storage.name}: generated requests`, () => {
    it(`get responses that match the error table and the OpenAPI document, never a 500, and never repeat a value: ${REQUESTS} requests`, async function () {
      this.timeout(0);
      const expectDescribed = await describedAnswers(createApiHarness({ authenticate }).send);
      const conversation: Conversation = { expectDescribed, statuses: new Set(), requests: 0 };
      const requests = fc.array(generatedRequest, { minLength: 1, maxLength: 100, size: 'max' });
      const property = fc.asyncProperty(requests, (sent) => converse(storage, sent, conversation));
      const parameters = { numRuns: Math.ceil(REQUESTS / 150), examples: [[WITH_RARE_RESPONSES]] };
      while (conversation.requests < REQUESTS) await fc.assert(property, parameters);
      // A run that met only refusals would show nothing; a short one meets the rare ones by chance.
      const frequent = [200, 400, 404];
      const rare = REQUESTS < 3_000 ? [] : [201, 204, 401, 403, 405, 409, 412, 415];
      expect([...conversation.statuses]).to.include.members([...frequent, ...rare]);
    });
  });
}

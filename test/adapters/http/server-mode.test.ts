import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type ServerMode, StorageUnavailableError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { observe } from '../../observed-repository.js';
import { type ApiHarness, createApiHarness, type Send, type Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { describedAnswers } from './described-answers.js';
import { storeHeroes } from './heroes.js';

const setMode = (send: Send, mode: unknown, sent?: Sent) => send('POST', '/server/mode', { body: { mode }, ...sent });
const modeOf = async (send: Send) => (await send('GET', '/server/status')).body.mode;
const rename = (send: Send, name = 'Hulk') => send('PUT', '/profiles/bruce', { body: { FirstName: name } });
const refusal = ({ status, body }: Awaited<ReturnType<Send>>) => [status, body?.code];
const REFUSED = [503, 'maintenance'];

/** What is well-formed for each operation that changes profiles, by its body. */
const BODIES: Readonly<Record<string, Sent>> = {
  'POST /profiles/import': { raw: '{"FirstName":"Thor"}\n', headers: { 'content-type': 'application/x-ndjson' } },
};

describeOnStorages('W14: POST /server/mode', (open) => {
  let api: ApiHarness;
  let send: Send;
  beforeEach(async () => {
    api = await open({ onError: () => expect.fail('maintenance is no error of the server') });
    ({ send } = api);
    await storeHeroes(api);
  });

  it('W14, W12: answers the mode that it sets, and the status has it', async () => {
    expect(await modeOf(send)).to.equal('production');
    for (const mode of ['maintenance', 'maintenance', 'production']) {
      expect((await setMode(send, mode.toUpperCase())).body).to.deep.equal({ mode });
      const { status, body } = await setMode(send, mode);
      expect([status, body]).to.deep.equal([200, { mode }]);
      expect(await modeOf(send)).to.equal(mode);
    }
  });

  it('W14: in maintenance, each change of profiles is a 503 with Retry-After, and changes nothing', async () => {
    const before = await api.profiles.get('1', 'bruce', { extensions: 'all' });
    await setMode(send, 'maintenance');
    const { paths } = (await send('GET', '/openapi.json')).body;
    let tried = 0;
    for (const [path, operations] of Object.entries<object>(paths)) {
      if (!path.startsWith('/profiles')) continue;
      for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
        if (method === 'GET') continue;
        const sent = BODIES[`${method} ${path}`] ?? { body: {} };
        const uri = path.replace('{customer_id}', 'bruce').replace('{revision}', '1').replaceAll(/[{}]/g, '');
        const answer = await send(method, uri, sent);
        expect(refusal(answer), `${method} ${path}`).to.deep.equal(REFUSED);
        expect(answer.headers.get('retry-after')).to.match(/^[1-9][0-9]*$/);
        const rehearsed = await send(method, `${uri}?dry_run=yes`, sent);
        expect(refusal(rehearsed), `${method} ${path}`).not.to.deep.equal(REFUSED);
        tried += 1;
      }
    }
    expect(tried).to.be.at.least(11);
    expect(await api.profiles.get('1', 'bruce', { extensions: 'all' })).to.deep.equal(before);
  });

  it('W14: in maintenance, reads, dry runs and schema changes go on, also those that change profiles', async () => {
    await setMode(send, 'maintenance');
    for (const [method, path, sent] of [
      ['GET', '/profiles/bruce'],
      ['GET', '/profiles?id_key=byName&FirstName=Bruce&LastName=Banner'],
      ['GET', '/profiles/bruce/history'],
      ['PUT', '/profiles/bruce?dry_run=yes', { body: { FirstName: 'Hulk' } }],
      ['POST', '/profiles/import?dry_run=yes', BODIES['POST /profiles/import']],
      ['DELETE', '/metadata/identification-keys/byPhone'],
      ['DELETE', '/metadata/profiles/extensions/Phone?force=yes'],
    ] as const) {
      const { status, text } = await send(method, path, sent);
      expect(status, `${method} ${path} ${text}`).to.be.below(300);
    }
    expect(refusal(await rename(send))).to.deep.equal(REFUSED);
    await setMode(send, 'production');
    expect((await rename(send)).status).to.equal(200);
  });

  it('W14: what is wrong with the request itself comes before', async () => {
    await setMode(send, 'maintenance');
    for (const [method, path, sent, status] of [
      ['PUT', '/profiles', { body: {} }, 405],
      ['PUT', '/profiles/bruce', undefined, 415],
      ['PUT', '/profiles/bruce', { raw: '{' }, 400],
      ['PUT', '/profiles/bruce?dry_run=maybe', { body: {} }, 400],
    ] as const) {
      expect((await send(method, path, sent)).status).to.equal(status);
    }
  });
});

describe('W14: who sets the mode of the server', () => {
  for (const [what, principal, status] of [
    ['an administrator of all tenants', { role: 'administrator' }, 200],
    ['a writer', { role: 'writer' }, 401],
    ['a reader', { role: 'reader' }, 401],
    ['R17: an administrator of some tenants, since it concerns all', { role: 'administrator', tenants: ['1'] }, 401],
  ] as const) {
    it(`W14: ${what}: ${status}`, async () => {
      const { send, profiles } = createApiHarness({ authenticate: () => ({ name: 'ann', ...principal }) });
      expect((await setMode(send, 'maintenance')).status).to.equal(status);
      expect(await profiles.serverMode()).to.equal(status === 200 ? 'maintenance' : 'production');
    });
  }

  for (const body of [{}, { mode: null }, { mode: 'closed' }, { mode: ['production'] }, { mode: 'production', x: 1 }]) {
    it(`W14: ${JSON.stringify(body)} is a 400`, async () => {
      const { send } = createApiHarness();
      expect(refusal(await send('POST', '/server/mode', { body }))).to.deep.equal([400, 'malformed_request']);
    });
  }

  it('W14: not_supported by a repository that cannot store it, which is always in production', async () => {
    const repository = new InMemoryProfileRepository();
    Object.assign(repository, { capabilities: { history: true } });
    const { send } = createApiHarness({ repository, onError: () => undefined });
    expect(refusal(await setMode(send, 'maintenance'))).to.deep.equal([501, 'not_supported']);
    expect(await modeOf(send)).to.equal('production');
  });

  it('W14: the answers are those that the document describes', async () => {
    const harness = createApiHarness();
    await storeHeroes(harness);
    const check = await describedAnswers(harness.send);
    for (const [method, path, sent] of [
      ['POST', '/server/mode', { body: { mode: 'maintenance' } }],
      ['GET', '/server/status', undefined],
      ['PUT', '/profiles/{customer_id}', { body: {} }],
    ] as const) {
      check(method, path, await harness.send(method, path.replace('{customer_id}', 'bruce'), sent));
    }
  });
});

describe('W14: processes heed the mode of the storage', () => {
  /** A storage whose mode can be slow to read, or not readable. */
  class SlowRepository extends InMemoryProfileRepository {
    delay: Promise<void> | undefined;
    failure: Error | undefined;

    override async loadServerMode(): Promise<ServerMode | undefined> {
      const mode = await super.loadServerMode();
      await this.delay;
      if (this.failure) throw this.failure;
      return mode;
    }
  }

  /** A process over a storage with profiles, which has not read the mode yet. */
  async function processOver(repository: ProfileRepository): Promise<ApiHarness> {
    await storeHeroes(createApiHarness({ repository }));
    return createApiHarness({ repository, onError: () => undefined });
  }

  it('W14: the one that sets it at once, another within a second', async () => {
    const repository = new InMemoryProfileRepository();
    const { send } = await processOver(repository);
    const other = createApiHarness({ repository }).send;
    expect((await rename(other, 'Thor')).status).to.equal(200);
    for (const [mode, status] of [
      ['maintenance', 503],
      ['production', 200],
    ] as const) {
      await setMode(send, mode);
      expect((await rename(send, 'Loki')).status).to.equal(status);
      await setTimeout(1_010);
      expect((await rename(other, 'Thor')).status).to.equal(status);
    }
  });

  it('W14: the mode is read at most about once a second for changes, and never for reads', async () => {
    const { repository, calls } = observe();
    const { send } = await processOver(repository);
    calls.length = 0;
    const reads = () => calls.filter((call) => call === 'loadServerMode').length;
    for (let round = 0; round < 20; round += 1) await send('GET', '/profiles/bruce?extensions=*');
    expect(reads()).to.equal(0);
    const began = performance.now();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(['a', 'b', 'c'].map((name) => rename(send, name)));
      await modeOf(send);
    }
    expect(reads()).to.be.within(1, 1 + (performance.now() - began) / 1_000);
  });

  it('W14: a mode that is being read when another is set is not relied on', async () => {
    const repository = new SlowRepository();
    const { send } = await processOver(repository);
    let resolve = () => {};
    repository.delay = new Promise((done) => {
      resolve = done;
    });
    const before = rename(send);
    await setTimeout(1);
    await setMode(send, 'maintenance');
    resolve();
    expect((await before).status).to.equal(200);
    expect(refusal(await rename(send))).to.deep.equal(REFUSED);
  });

  it('W14: a mode that cannot be read stops changes, not reads, until it can', async () => {
    const repository = new SlowRepository();
    const { send } = await processOver(repository);
    repository.failure = new StorageUnavailableError('The storage is gone.');
    expect(refusal(await rename(send))).to.deep.equal([503, 'storage_unavailable']);
    repository.delay = new Promise(() => {});
    const changing = rename(send);
    expect((await send('GET', '/profiles/bruce')).status).to.equal(200);
    expect(await Promise.race([changing, 'still waiting'])).to.equal('still waiting');
    Object.assign(repository, { delay: undefined, failure: undefined });
    expect((await rename(createApiHarness({ repository }).send)).status).to.equal(200);
  });

  it('W14: an import that is under way ends with the counts of what it has imported', async () => {
    const harness = createApiHarness();
    await storeHeroes(harness);
    async function* rows() {
      yield new TextEncoder().encode('{"customer_id":"thor","FirstName":"Thor"}\n');
      await setMode(harness.send, 'maintenance');
      yield new TextEncoder().encode('{"customer_id":"loki","FirstName":"Loki"}\n');
    }
    const headers = { 'content-type': 'application/x-ndjson' };
    const raw = ReadableStream.from(rows()) as NonNullable<RequestInit['body']>;
    const answer = await harness.send('POST', '/profiles/import', { raw, headers });
    expect(refusal(answer)).to.deep.equal(REFUSED);
    expect(answer.body.import).to.include({ rows: 1, created: 1 });
    expect((await harness.profiles.get('1', 'thor')).attributes.FirstName).to.equal('Thor');
    expect((await harness.send('GET', '/profiles/loki')).status).to.equal(404);
  });
});

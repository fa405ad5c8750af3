import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { fileStore } from '../../adapters/knex/sqlite-store.js';
import { compiled } from '../../compiled.js';

const HOLDER = compiled(new URL('./hold-lock-process.ts', import.meta.url));
/** Far less than the host's `busy_timeout`, for which SQLite would block the event loop. */
const MAX_BLOCKED_MS = 500;
const HOST_TIMEOUT_MS = 5_000;

describe('a process that holds the write lock of a SQLite file', function () {
  this.timeout(60_000);
  let store: Awaited<ReturnType<typeof fileStore>>;
  let knex: Knex;
  let repository: KnexProfileRepository;
  beforeEach(async () => {
    store = await fileStore();
    knex = store.open();
    await knex.raw(`PRAGMA busy_timeout = ${HOST_TIMEOUT_MS}`);
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna')], HISTORY);
  });
  afterEach(() => store.dispose());

  /** Resolves when another process has the lock, which it releases after a time. */
  const lock = async (holdMs: number) => {
    const holder = fork(HOLDER, [store.filename, String(holdMs)]);
    await once(holder, 'message');
    return holder;
  };
  const revision = async () => (await repository.load('1', 'anna', { extensions: true })).profile?.revision;

  it('keeps changes waiting, but neither reads nor the event loop', async () => {
    const holder = await lock(2_000);
    let longest = 0;
    let reads = 0;
    let done = false;
    const commits = Promise.all([
      repository.commit('1', [update('anna', 1)], HISTORY),
      repository.commit('1', [creation('bert'), creation('carl')], HISTORY),
    ]).finally(() => {
      done = true;
    });
    let last = performance.now();
    while (!done) {
      expect(await revision()).to.be.oneOf([1, 2]);
      reads += 1;
      await setTimeout(5);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    expect((await commits).map(({ outcome }) => outcome)).to.deep.equal(['committed', 'committed']);
    expect(longest).to.be.below(MAX_BLOCKED_MS);
    expect(reads).to.be.above(20);
    expect(await revision()).to.equal(2);
    if (holder.exitCode === null) await once(holder, 'exit');
  });

  it('for longer than changes wait, makes them unavailable, and nothing is changed', async () => {
    const holder = await lock(30_000);
    const second = new KnexProfileRepository(store.open());
    const outcomes = await Promise.allSettled([
      repository.commit('1', [update('anna', 1)], HISTORY),
      second.commit('1', [update('anna', 1), creation('bert')], HISTORY),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
      expect(outcome).to.have.property('reason').that.includes({ outcomeUnknown: false, driverCode: 'SQLITE_BUSY' });
    }
    expect(await revision()).to.equal(1);
    expect((await repository.load('1', 'bert', { extensions: false })).profile).to.equal(undefined);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.include({ outcome: 'committed' });
  });

  it("leaves the host's busy_timeout as it was", async () => {
    await repository.commit('1', [update('anna', 1)], HISTORY);
    const [{ timeout }] = await knex.raw('PRAGMA busy_timeout');
    expect(timeout).to.equal(HOST_TIMEOUT_MS);
  });
});

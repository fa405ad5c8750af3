import {
  type ConformanceOptions,
  describeProfileRepository,
  type RepositoryHarness,
  type TestRunner,
} from 'dossier/conformance';
import { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import type { Knex } from 'knex';
import { type EmptyStore, StorePool } from '../../../adapters/knex/store-pool.js';
import { createDatabase, type DatabaseServer } from '../../database-server.js';
import { atIsolation } from '../connection-settings.js';

/** Made anew for each file: a worker of mocha that runs several gives each of them other functions. */
const runnerOfFile = (): TestRunner => ({ describe, it, beforeEach, afterEach });

const CAPABILITIES = { history: true, replace: true, changes: true, erasure: true, serverMode: true };

/** The groups of the kit in which text is compared, sorted or stored. */
const OF_TEXT = /entries|find|page|pagination|isolation|round trips|history|prune|metadata|residual/;

/** Runs those groups alone. */
const textRunnerOfFile = (): TestRunner => ({
  ...runnerOfFile(),
  describe: (title, body) =>
    title.includes('ProfileRepository') || OF_TEXT.test(title) ? describe(title, body) : undefined,
});

/** The whole kit on a database whose defaults would break a repository that relies on them, and what is about text on others. */
export function describeConformance(server: DatabaseServer): void {
  const [first, ...others] = Object.entries(server.variations);
  if (first) describeKit(server, first, runnerOfFile());
  for (const other of others) describeKit(server, other, textRunnerOfFile());
  const stores = new StorePool(() => createDatabase(server));
  const isolated = atIsolation(server.otherIsolation);
  declareKit({
    name: `connections at ${server.otherIsolation}`,
    runner: runnerOfFile(),
    createHarness: () => createHarness(stores, isolated),
    // In a host transaction that reads from a snapshot, concurrent changes are faults: that is the purpose of the level.
    capabilities: { anotherConnection: true, ...CAPABILITIES },
  });
  after(() => stores.dispose());
}

/** The whole kit, once for each variation. */
export function describeWholeKit(server: DatabaseServer): void {
  for (const variation of Object.entries(server.variations)) describeKit(server, variation, runnerOfFile());
}

function describeKit(server: DatabaseServer, [title, definition]: readonly [string, string], kit: TestRunner): void {
  const stores = new StorePool(() => createDatabase(server, definition));
  declareKit({
    name: `a database with ${title}`,
    runner: kit,
    createHarness: () => createHarness(stores),
    capabilities: { anotherConnection: true, hostTransactions: true, ...CAPABILITIES },
  });
  after(() => stores.dispose());
}

/** With a runner that another file of the same worker has made, the tests would be lost without a failure. */
function declareKit(options: ConformanceOptions): void {
  describe('the conformance kit', function () {
    describeProfileRepository(options);
    if (this.suites.length === 0) throw new Error('The kit has declared its tests in another file.');
  });
}

async function createHarness(stores: StorePool, options?: Knex.Config): Promise<RepositoryHarness> {
  const store = await stores.acquire();
  const { tablePrefix } = store;
  const repository = () => new KnexProfileRepository(store.open(options), { tablePrefix });
  let knex = store.open(options);
  return {
    repository: new KnexProfileRepository(knex, { tablePrefix }),
    another: async () => repository(),
    async reopen() {
      await knex.destroy();
      knex = store.open(options);
      return new KnexProfileRepository(knex, { tablePrefix });
    },
    break: () => knex.destroy(),
    ...(options === undefined && { transaction: (work) => inTransaction(store, work) }),
    dispose: () => store.release(),
  };
}

/** With one connection, a statement outside the transaction would wait until the pool times out. */
const ONE_CONNECTION: Knex.Config = { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 5000 };

async function inTransaction(
  { tablePrefix, open }: EmptyStore,
  work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  const knex = open(ONE_CONNECTION);
  const transaction = await knex.transaction();
  const end = await work(new KnexProfileRepository(knex, { tablePrefix }).withTransaction(transaction));
  await transaction[end]();
}

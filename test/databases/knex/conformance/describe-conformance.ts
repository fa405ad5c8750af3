import { type ConformanceOptions, describeProfileRepository, type TestRunner } from 'dossier/conformance';
import type { Knex } from 'knex';
import { createPooledHarness, KNEX_CAPABILITIES } from '../../../adapters/knex/pooled-harness.js';
import { StorePool } from '../../../adapters/knex/store-pool.js';
import { createDatabase, type DatabaseServer } from '../../database-server.js';
import { batchingRepository } from '../batching-repository.js';
import { atIsolation } from '../connection-settings.js';

/** Created for each file: a worker of mocha that runs several gives each of them other functions. */
const runnerOfFile = (): TestRunner => ({ describe, it, beforeEach, afterEach });

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
    createHarness: () => createPooledHarness(stores, { knex: isolated }),
    // In a host transaction that reads from a snapshot, concurrent changes are faults: that is the purpose of the level.
    capabilities: { anotherConnection: true, ...KNEX_CAPABILITIES },
  });
  after(() => stores.dispose());
}

/** The whole kit on a repository that makes each replacement as a batch, where there are batches. */
export function describeBatches(server: DatabaseServer): void {
  const stores = new StorePool(() => createDatabase(server));
  declareKit({
    name: 'batches of replacements',
    runner: runnerOfFile(),
    createHarness: () => createPooledHarness(stores, { repositoryOn: batchingRepository }),
    capabilities: { anotherConnection: true, ...KNEX_CAPABILITIES },
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
    createHarness: () => createPooledHarness(stores, { ofHost: (store) => store.open(ONE_CONNECTION) }),
    capabilities: { anotherConnection: true, hostTransactions: true, ...KNEX_CAPABILITIES },
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

/** With one connection, a statement outside the transaction would wait until the pool times out. */
const ONE_CONNECTION: Knex.Config = { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 5000 };

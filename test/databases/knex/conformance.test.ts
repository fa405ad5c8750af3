import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import type { Knex } from 'knex';
import { describeOnEachServer } from '../database-server.js';
import { atIsolation } from './connection-settings.js';
import { EmptiedStores, type EmptyStore } from './emptied-stores.js';

const runner = { describe, it, beforeEach, afterEach };

describeOnEachServer('KnexProfileRepository', (server) => {
  for (const [title, definition] of Object.entries(server.variations)) {
    const stores = new EmptiedStores(server, definition);
    describeProfileRepository({
      name: `a database with ${title}`,
      runner,
      createHarness: () => createHarness(stores),
      capabilities: { anotherConnection: true, hostTransactions: true },
    });
    after(() => stores.dispose());
  }
  const stores = new EmptiedStores(server, '');
  describeProfileRepository({
    name: `connections at ${server.otherIsolation}`,
    runner,
    createHarness: () => createHarness(stores, atIsolation(server.otherIsolation)),
    // In a transaction of the host that sees one instant, others' changes are faults: that is what the level is for.
    capabilities: { anotherConnection: true },
  });
  after(() => stores.dispose());
});

async function createHarness(stores: EmptiedStores, options?: Knex.Config): Promise<RepositoryHarness> {
  const store = await stores.acquire();
  const repository = () => new KnexProfileRepository(store.open(options), { tablePrefix: store.tablePrefix });
  return {
    repository: repository(),
    another: async () => repository(),
    ...(options === undefined && { transaction: (work) => inTransaction(store, work) }),
    dispose: () => store.release(),
  };
}

/** With one connection alone, a statement that strays outside the transaction waits for ever. */
async function inTransaction(
  { tablePrefix, open }: EmptyStore,
  work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  const knex = open({ pool: { min: 0, max: 1 }, acquireConnectionTimeout: 5000 });
  const transaction = await knex.transaction();
  const end = await work(new KnexProfileRepository(knex, { tablePrefix }).withTransaction(transaction));
  await transaction[end]();
}

import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import { fileStore, memoryStore } from './sqlite-store.js';
import { StorePool } from './store-pool.js';

const runner = { describe, it, beforeEach, afterEach };

const CAPABILITIES = {
  ...{ hostTransactions: true, history: true, replace: true },
  ...{ changes: true, erasure: true, serverMode: true },
};

async function createHarness(stores: StorePool): Promise<RepositoryHarness> {
  const { tablePrefix, open, release } = await stores.acquire();
  let knex = open();
  const repository = new KnexProfileRepository(knex, { tablePrefix });
  return {
    repository,
    another: async () => new KnexProfileRepository(open(), { tablePrefix }),
    async transaction(work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>) {
      const transaction = await knex.transaction();
      const end = await work(repository.withTransaction(transaction));
      await transaction[end]();
    },
    async reopen() {
      await knex.destroy();
      knex = open();
      return new KnexProfileRepository(knex, { tablePrefix });
    },
    break: () => knex.destroy(),
    dispose: release,
  };
}

const inMemory = new StorePool(async () => memoryStore());

describeProfileRepository({
  name: 'KnexProfileRepository on SQLite in memory',
  runner,
  createHarness: async () => {
    // What is in memory is gone with its one connection.
    const { another, reopen, ...harness } = await createHarness(inMemory);
    return harness;
  },
  capabilities: { ...CAPABILITIES, anotherConnection: false },
});

const inFiles = new StorePool(fileStore);

describeProfileRepository({
  name: 'KnexProfileRepository on an SQLite file',
  runner,
  createHarness: () => createHarness(inFiles),
  capabilities: { ...CAPABILITIES, anotherConnection: true },
});

after(async () => {
  await inMemory.dispose();
  await inFiles.dispose();
});

import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import { fileStore, memoryStore, type SqliteStore } from './sqlite-store.js';

const runner = { describe, it, beforeEach, afterEach };

async function harnessOn(store: SqliteStore): Promise<RepositoryHarness> {
  let knex = store.open();
  await migrate(knex);
  const repository = new KnexProfileRepository(knex);
  return {
    repository,
    another: async () => new KnexProfileRepository(store.open()),
    async transaction(work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>) {
      const transaction = await knex.transaction();
      const end = await work(repository.withTransaction(transaction));
      await transaction[end]();
    },
    async reopen() {
      await knex.destroy();
      knex = store.open();
      return new KnexProfileRepository(knex);
    },
    break: () => knex.destroy(),
    dispose: () => store.dispose(),
  };
}

describeProfileRepository({
  name: 'KnexProfileRepository on SQLite in memory',
  runner,
  createHarness: async () => {
    // What is in memory is gone with its one connection.
    const { another, reopen, ...harness } = await harnessOn(memoryStore());
    return harness;
  },
  capabilities: {
    hostTransactions: true,
    anotherConnection: false,
    history: true,
    changes: true,
    erasure: true,
    serverMode: true,
  },
});

describeProfileRepository({
  name: 'KnexProfileRepository on an SQLite file',
  runner,
  createHarness: async () => harnessOn(await fileStore()),
  capabilities: {
    hostTransactions: true,
    anotherConnection: true,
    history: true,
    changes: true,
    erasure: true,
    serverMode: true,
  },
});

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { fileStore } from '../../adapters/knex/sqlite-store.js';

/** An empty storage with the repositories of two processes. */
export interface TestStore {
  readonly repository: ProfileRepository;
  readonly another: ProfileRepository;
  readonly dispose: () => Promise<void>;
}

export async function openMemory(): Promise<TestStore> {
  const repository = new InMemoryProfileRepository();
  return { repository, another: repository, dispose: async () => {} };
}

/** A database file with two connections. */
export async function openSqlite(): Promise<TestStore> {
  const { open, dispose } = await fileStore();
  const knex = open();
  await migrate(knex);
  return {
    repository: new KnexProfileRepository(knex),
    another: new KnexProfileRepository(open()),
    dispose,
  };
}

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { fileStore } from '../../adapters/knex/sqlite-store.js';
import type { TestStore } from './stores.js';

/** A database in a file, with two connections. */
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

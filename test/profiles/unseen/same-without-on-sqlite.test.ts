import { KnexProfileRepository, migrate } from 'dossier/knex';
import { memoryStore, type SqliteStore } from '../../adapters/knex/sqlite-store.js';
import { describeSameWithout } from './same-without.js';

const stores: SqliteStore[] = [];

describeSameWithout('SQLite', async () => {
  const store = memoryStore();
  stores.push(store);
  const knex = store.open();
  await migrate(knex);
  return new KnexProfileRepository(knex);
});

after(async () => {
  for (const store of stores) await store.dispose();
});

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { memoryStore } from '../adapters/knex/sqlite-store.js';
import { describeCounts } from './schema-trial-counts.js';

async function open() {
  const store = memoryStore();
  const knex = store.open();
  await migrate(knex);
  return { repository: new KnexProfileRepository(knex), close: () => store.dispose() };
}

describeCounts({ name: 'SQLite', open });

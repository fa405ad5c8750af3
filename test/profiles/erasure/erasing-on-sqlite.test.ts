import { KnexProfileRepository, migrate } from 'dossier/knex';
import { memoryStore, type SqliteStore } from '../../adapters/knex/sqlite-store.js';
import { erasureTests } from './erasing.js';

describe('ProfileService: erase, on SQLite (E1, E2)', () => {
  let store: SqliteStore | undefined;
  afterEach(() => store?.dispose());

  erasureTests(async () => {
    store = memoryStore();
    const knex = store.open();
    await migrate(knex);
    return new KnexProfileRepository(knex);
  });
});

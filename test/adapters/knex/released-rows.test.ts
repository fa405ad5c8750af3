import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectProfiles } from './released-profiles.js';
import { dumpOf, load } from './sql-dump.js';
import { memoryStore } from './sqlite-store.js';

describe('rows written by released versions, on SQLite', () => {
  it('0.1.0: can be read, found and changed', async () => {
    const store = memoryStore();
    const knex = store.open();
    await load(dumpOf('SQLite', '0.1.0'), knex);
    await migrate(knex);
    await expectProfiles(new KnexProfileRepository(knex));
    await store.dispose();
  });
});

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectProfiles, VERSIONS } from './released-profiles.js';
import { dumpOf, load } from './sql-dump.js';
import { memoryStore } from './sqlite-store.js';

describe('rows written by released versions, on SQLite', () => {
  for (const [version, keptHistory] of VERSIONS) {
    it(`${version}: can be read, found and changed`, async () => {
      const store = memoryStore();
      const knex = store.open();
      await load(dumpOf('SQLite', version), knex);
      await migrate(knex);
      await expectProfiles(new KnexProfileRepository(knex), keptHistory);
      await store.dispose();
    });
  }
});

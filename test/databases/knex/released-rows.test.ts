import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectProfiles, VERSIONS } from '../../adapters/knex/released-profiles.js';
import { dumpOf, load } from '../../adapters/knex/sql-dump.js';
import { createDatabase, describeOnEachServer } from '../database-server.js';

describeOnEachServer('rows written by released versions', (server) => {
  for (const [version, keptHistory] of VERSIONS) {
    it(`${version}: can be read, found and changed`, async () => {
      const database = await createDatabase(server);
      try {
        const knex = database.open();
        await load(dumpOf(server.name, version), knex);
        await migrate(knex);
        await expectProfiles(new KnexProfileRepository(knex), keptHistory);
      } finally {
        await database.dispose();
      }
    });
  }
});

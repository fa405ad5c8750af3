import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectProfiles, VERSIONS } from '../../adapters/knex/released-profiles.js';
import { dumpOf, load } from '../../adapters/knex/sql-dump.js';
import { createDatabase, type DatabaseServer } from '../database-server.js';

/** Declares a test for each released version of Dossier: its rows are migrated, and then read. */
export function readReleasedRows(server: DatabaseServer): void {
  for (const [version, keptHistory] of VERSIONS) {
    it(`rows of ${version} can be read, found and changed`, async () => {
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
}

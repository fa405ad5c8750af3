import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectProfiles } from '../../adapters/knex/released-profiles.js';
import { dumpOf, load } from '../../adapters/knex/sql-dump.js';
import { createDatabase, describeOnEachServer } from '../database-server.js';

describeOnEachServer('rows written by released versions', (server) => {
  it('0.1.0: can be read, found and changed', async () => {
    const database = await createDatabase(server);
    try {
      const knex = database.open();
      await load(dumpOf(server.name, '0.1.0'), knex);
      await migrate(knex);
      await expectProfiles(new KnexProfileRepository(knex));
    } finally {
      await database.dispose();
    }
  });
});

import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { erasureRaces } from './erasure-races.js';

describeOnEachServer('erasure', (server) => {
  let database: TestDatabase;
  after(() => database?.dispose());

  erasureRaces(async () => {
    database = await createDatabase(server);
    const open = () => createDossier({ repository: new KnexProfileRepository(database.open()), changes: true });
    const knex = database.open();
    await migrate(knex);
    return { dossiers: [open(), open()], knex };
  });
});

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { matching } from '../profiles/identification/matching.js';
import { describeIdentification } from '../profiles/identification/stage.js';
import type { TestStore } from '../profiles/identification/stores.js';
import { SUITES } from '../profiles/identification/suites.js';
import { createDatabase, type DatabaseServer, describeOnEachServer } from './database-server.js';

describeOnEachServer('R18 to R21', (server) => {
  for (const [index, [title, definition]] of Object.entries(server.variations).entries()) {
    // Databases of one server differ only in how text compares.
    const suites = index > 0 ? SUITES : [matching];
    describeIdentification(`${server.name}, a database with ${title}`, () => openStore(server, definition), suites);
  }
});

async function openStore(server: DatabaseServer, definition: string): Promise<TestStore> {
  const database = await createDatabase(server, definition);
  const knex = database.open();
  await migrate(knex);
  return {
    repository: new KnexProfileRepository(knex),
    another: new KnexProfileRepository(database.open()),
    dispose: () => database.dispose(),
  };
}

import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { describeSameWithout } from '../../profiles/unseen/same-without.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { batchingRepository } from './batching-repository.js';

describeOnEachServer('replacements without a load', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let stores = 0;

  before(async () => {
    database = await createDatabase(server);
    knex = database.open();
  });

  after(() => database.dispose());

  async function openStore() {
    stores += 1;
    const options = { tablePrefix: `store_${stores}_` };
    await migrate(knex, options);
    return [knex, options] as const;
  }

  const open = async () => new KnexProfileRepository(...(await openStore()));

  describeSameWithout(server.name, open, { full: 12, quick: 6 });
  if (server.name !== 'MariaDB') {
    const openBatching = async () => batchingRepository(...(await openStore()));
    describeSameWithout(`${server.name} in batches`, openBatching, { full: 12, quick: 6 });
  }
});

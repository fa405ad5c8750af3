import { expectForeignKeyRespected } from '../../adapters/knex/foreign-key.js';
import { createDatabase, describeOnEachServer } from '../database-server.js';

describeOnEachServer("a host's foreign key", (server) => {
  it('refuses a deletion that is not kept by an error of its own, and nothing is changed', async () => {
    const database = await createDatabase(server);
    try {
      await expectForeignKeyRespected(database.open(), server.client === 'pg' ? '23503' : 'ER_ROW_IS_REFERENCED_2');
    } finally {
      await database.dispose();
    }
  });
});

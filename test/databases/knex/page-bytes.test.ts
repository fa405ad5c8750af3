import { KnexProfileRepository } from 'dossier/knex';
import { HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { StorePool } from '../../adapters/knex/store-pool.js';
import { expectPagesBoundedByBytes } from '../../adapters/page-bytes.js';
import { createDatabase, describeOnEachServer } from '../database-server.js';

describeOnEachServer('pages', (server) => {
  it('are bounded by the bytes of their documents', async () => {
    const stores = new StorePool(() => createDatabase(server));
    const { open, tablePrefix, release } = await stores.acquire();
    try {
      await expectPagesBoundedByBytes(new KnexProfileRepository(open(), { tablePrefix }));
      // Within a transaction of the host that has met a conflict, reads lock what they read.
      await open().transaction(async (transaction) => {
        const bound = new KnexProfileRepository(open(), { tablePrefix }).withTransaction(transaction);
        const stale = update('a', 1, { schemaVersion: 2 });
        if ((await bound.commit('1', [stale], HISTORY)).outcome !== 'schema_changed') {
          throw new Error('the commit met no conflict');
        }
        const { profiles, more } = await bound.page('1', { limit: 1000 });
        if (profiles.length < 2 || profiles.length > 7 || !more) throw new Error('the page is not bounded');
      });
    } finally {
      await release();
      await stores.dispose();
    }
  });
});

import { KnexProfileRepository, migrate } from 'dossier/knex';
import { expectPagesBoundedByBytes } from '../page-bytes.js';
import { fileStore, openSqlite } from './sqlite-store.js';

describe('SQLite: pages', () => {
  for (const encoding of ['UTF-8', 'UTF-16']) {
    it(`are bounded by the bytes of their documents in a database in ${encoding}`, async () => {
      const store = await fileStore();
      const knex = openSqlite(store.filename);
      try {
        await knex.raw(`PRAGMA encoding = '${encoding}'`);
        await migrate(knex);
        await expectPagesBoundedByBytes(new KnexProfileRepository(knex));
      } finally {
        await knex.destroy();
        await store.dispose();
      }
    });
  }
});

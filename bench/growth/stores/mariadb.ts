import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import { createMySqlDatabase, MARIADB_SERVER } from '../../databases/mysql-database.js';
import type { OpenStore } from './store.js';

/** Creates a database on the server, with the server's own settings, and drops it on close. */
export const openMariaDbStore: OpenStore = async () => {
  const { url, drop } = await createMySqlDatabase(MARIADB_SERVER);
  const instance = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 4 } });
  await migrate(instance);
  const [[{ version }]] = await instance.raw('SELECT VERSION() AS version');
  return {
    knex: instance,
    repository: new KnexProfileRepository(instance),
    version,
    async settle() {
      const [tables] = await instance.raw(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
      );
      const names = tables.map(({ name }: { name: string }) => name);
      await instance.raw(`ANALYZE TABLE ${names}`);
    },
    async sizes() {
      // A table is its primary key.
      const [rows] = await instance.raw(`
        SELECT IF(index_name = 'PRIMARY', table_name, index_name) AS name, stat_value * @@innodb_page_size AS bytes
        FROM mysql.innodb_index_stats WHERE database_name = DATABASE() AND stat_name = 'size'`);
      return new Map(rows.map((row: { name: string; bytes: number }) => [row.name, Number(row.bytes)]));
    },
    async close() {
      await instance.destroy();
      await drop();
    },
  };
};

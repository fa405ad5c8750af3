import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import { createPostgreSqlDatabase } from '../../databases/postgresql-database.js';
import type { OpenStore } from './store.js';

/** Creates a database on the server, with the server's own settings, and drops it on close. */
export const openPostgreSqlStore: OpenStore = async () => {
  const { url, drop } = await createPostgreSqlDatabase();
  const instance = knex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
  await migrate(instance);
  const { rows: versions } = await instance.raw('SHOW server_version');
  return {
    knex: instance,
    repository: new KnexProfileRepository(instance),
    version: `PostgreSQL ${versions[0].server_version}`,
    async settle() {
      await instance.raw('VACUUM ANALYZE');
      await instance.raw('CHECKPOINT');
    },
    async sizes() {
      const { rows } = await instance.raw(`
        SELECT relname AS name, CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END AS bytes
        FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace`);
      return new Map(rows.map((row: { name: string; bytes: string }) => [row.name, Number(row.bytes)]));
    },
    async close() {
      await instance.destroy();
      await drop();
    },
  };
};

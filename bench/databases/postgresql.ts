import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import pg from 'pg';
import { BarePostgreSql } from '../bare/postgresql.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { createPostgreSqlDatabase } from './postgresql-database.js';

/** Creates a database and drops it on close. */
export const openPostgreSql: OpenBenchDatabase = async (connections, settings) => {
  const { url, drop } = await createPostgreSqlDatabase();
  const clients = Array.from({ length: connections }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  const instance = knex({ client: 'pg', connection: url, pool: { min: 0, max: connections } });
  await migrate(instance);
  const { rows } = await instance.raw('SHOW server_version');
  return {
    bare: await BarePostgreSql.create(clients, settings),
    dossier: new Dossier(new KnexProfileRepository(instance), settings),
    version: `PostgreSQL ${rows[0].server_version}`,
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await instance.destroy();
      await drop();
    },
  };
};

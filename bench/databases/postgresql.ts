import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import pg from 'pg';
import { BarePostgreSql } from '../bare/postgresql.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { delayedNetwork } from './delayed-network.js';
import { createPostgreSqlDatabase } from './postgresql-database.js';

/** Creates a database and drops it on close. */
export const openPostgreSql: OpenBenchDatabase = async (connections, settings, delayMs) => {
  const database = await createPostgreSqlDatabase();
  const { url, close } = await delayedNetwork(database.url, delayMs);
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
      close();
      await database.drop();
    },
  };
};

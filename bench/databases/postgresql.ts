import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import pg from 'pg';
import { BarePostgreSql } from '../bare/postgresql.js';
import { Dossier } from '../dossier.js';
import type { OpenArena } from './arena.js';
import { databaseName, pathOf } from './database-name.js';

const SERVER = process.env.DOSSIER_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A database of its own, dropped in the end. */
export const openPostgreSql: OpenArena = async (connections) => {
  const name = databaseName();
  const url = pathOf(SERVER, name);
  await administer(`CREATE DATABASE ${name}`);
  const clients = Array.from({ length: connections }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  const instance = knex({ client: 'pg', connection: url, pool: { min: 0, max: connections } });
  await migrate(instance);
  const { rows } = await instance.raw('SHOW server_version');
  return {
    bare: await BarePostgreSql.create(clients),
    dossier: new Dossier(new KnexProfileRepository(instance)),
    version: `PostgreSQL ${rows[0].server_version}`,
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await instance.destroy();
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
};

async function administer(sql: string): Promise<void> {
  const client = new pg.Client(SERVER);
  await client.connect();
  await client.query(sql);
  await client.end();
}

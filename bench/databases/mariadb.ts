import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import mysql from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { BareMariaDb } from '../bare/mariadb.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { databaseName, pathOf } from './database-name.js';

const SERVER = process.env.DOSSIER_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/';

/** Creates a database and drops it on close. */
export const openMariaDb: OpenBenchDatabase = async (connections) => {
  const name = databaseName();
  const url = pathOf(SERVER, name);
  await administer(`CREATE DATABASE ${name}`);
  const bare = Array.from({ length: connections }, () => mysql.createConnection(url));
  const instance = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: connections } });
  await migrate(instance);
  const [[{ version }]] = await instance.raw('SELECT VERSION() AS version');
  return {
    bare: await BareMariaDb.create(bare),
    dossier: new Dossier(new KnexProfileRepository(instance)),
    version,
    async close() {
      for (const connection of bare) connection.destroy();
      await instance.destroy();
      await administer(`DROP DATABASE ${name}`);
    },
  };
};

async function administer(sql: string): Promise<void> {
  const connection = await createConnection(SERVER);
  await connection.query(sql);
  await connection.end();
}

import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import mysql from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { BareMariaDb } from '../bare/mariadb.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { databaseName, pathOf } from './database-name.js';

/**
 * MariaDB or MySQL, which the bare driver is used with alike: a database of its own, dropped in the end.
 *
 * @param serverUrl its address
 */
export function openOn(serverUrl: () => Promise<string>): OpenBenchDatabase {
  return async (connections, settings) => {
    const server = await serverUrl();
    const name = databaseName();
    const url = pathOf(server, name);
    await administer(server, `CREATE DATABASE ${name}`);
    const bare = Array.from({ length: connections }, () => mysql.createConnection(url));
    const instance = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: connections } });
    await migrate(instance);
    const [[{ version }]] = await instance.raw('SELECT VERSION() AS version');
    return {
      bare: await BareMariaDb.create(bare, settings),
      dossier: new Dossier(new KnexProfileRepository(instance), settings),
      version,
      async close() {
        for (const connection of bare) connection.destroy();
        await instance.destroy();
        await administer(server, `DROP DATABASE ${name}`);
      },
    };
  };
}

async function administer(server: string, sql: string): Promise<void> {
  const connection = await createConnection(server);
  await connection.query(sql);
  await connection.end();
}

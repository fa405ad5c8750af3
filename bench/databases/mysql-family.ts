import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import mysql from 'mysql2';
import { BareMariaDb } from '../bare/mariadb.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { delayedNetwork } from './delayed-network.js';
import { createMySqlDatabase } from './mysql-database.js';

/**
 * MariaDB or MySQL, which the bare driver is used with alike: a database of its own, dropped in the end.
 *
 * @param serverUrl its address
 */
export function openOn(serverUrl: () => Promise<string>): OpenBenchDatabase {
  return async (connections, settings, delayMs) => {
    const database = await createMySqlDatabase(await serverUrl());
    const { url, close } = await delayedNetwork(database.url, delayMs);
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
        close();
        await database.drop();
      },
    };
  };
}

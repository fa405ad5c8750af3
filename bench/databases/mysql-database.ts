import { createConnection } from 'mysql2/promise';
import { databaseName, pathOf } from './database-name.js';

export const MARIADB_SERVER = process.env.DOSSIER_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/';

/** Creates a database on a server of MariaDB or MySQL, with the server's own settings. The caller drops it. */
export async function createMySqlDatabase(server: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = databaseName();
  await administer(server, `CREATE DATABASE ${name}`);
  return { url: pathOf(server, name), drop: () => administer(server, `DROP DATABASE ${name}`) };
}

async function administer(server: string, sql: string): Promise<void> {
  const connection = await createConnection(server);
  await connection.query(sql);
  await connection.end();
}

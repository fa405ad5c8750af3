import pg from 'pg';
import { databaseName, pathOf } from './database-name.js';

const SERVER = process.env.DOSSIER_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Creates a database on the server, with the server's own settings. The caller drops it. */
export async function createPostgreSqlDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = databaseName();
  await administer(`CREATE DATABASE ${name}`);
  return { url: pathOf(SERVER, name), drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client(SERVER);
  await client.connect();
  await client.query(sql);
  await client.end();
}

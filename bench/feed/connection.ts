import knex, { type Knex } from 'knex';
import { openSqliteFile } from '../databases/sqlite-file.js';

/** Where a store is: the name of an SQLite file, or the address of a database. */
export interface Connection {
  readonly client: 'better-sqlite3' | 'pg' | 'mysql2';
  readonly location: string;
}

export function connect({ client, location }: Connection, connections: number): Knex {
  if (client === 'better-sqlite3') return openSqliteFile(location);
  return knex({ client, connection: location, pool: { min: 0, max: connections } });
}

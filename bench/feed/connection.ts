import type Database from 'better-sqlite3';
import knex, { type Knex } from 'knex';

/** Where a store is: the name of an SQLite file, or the address of a database. */
export interface Connection {
  readonly client: 'better-sqlite3' | 'pg' | 'mysql2';
  readonly location: string;
}

export function connect({ client, location }: Connection, connections: number): Knex {
  if (client !== 'better-sqlite3') return knex({ client, connection: location, pool: { min: 0, max: connections } });
  return knex({
    client,
    connection: { filename: location },
    useNullAsDefault: true,
    pool: {
      // As `dossier serve` does: what is acknowledged is on the disk.
      afterCreate(connection: Database, done: () => void) {
        connection.pragma('journal_mode = WAL');
        connection.pragma('synchronous = FULL');
        done();
      },
    },
  });
}

import type Database from 'better-sqlite3';
import knex, { type Knex } from 'knex';

/** A file of SQLite, through Knex. */
export function openSqliteFile(filename: string): Knex {
  return knex({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      afterCreate(connection: Database, done: () => void) {
        configure(connection);
        done();
      },
    },
  });
}

/** Waiting for the disk at each commit would make all sides equally slow, and hide what Dossier costs. */
export function configure(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
}

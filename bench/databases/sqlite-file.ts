import type Database from 'better-sqlite3';
import knex, { type Knex } from 'knex';

/** Opens a SQLite file through Knex. */
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

/** Syncing to disk on each commit would dominate both sides and hide the cost of Dossier. */
export function configure(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
}

import type { Knex } from 'knex';
import type { LastingLocation, SqliteLocation } from './database-location.js';

/** What is used here of a connection of better-sqlite3. */
interface SqliteDatabase {
  pragma(source: string): unknown;
}

/** Knex would write to the standard output what it also throws. */
const SILENT = { debug() {}, deprecate() {}, warn() {}, error() {} };

/** How long a statement waits for another process that writes the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/** How long a request waits for a connection: a server that does not answer is told soon. */
const ACQUIRE_TIMEOUT_MS = 10_000;

const MAX_CONNECTIONS = 10;

/** The packages that a database needs, beside Dossier. */
export function driversOf({ kind }: LastingLocation): readonly [knex: 'knex', driver: string] {
  return ['knex', kind === 'sqlite' ? 'better-sqlite3' : kind];
}

/** How Knex connects to a database. */
export function connectionTo(location: LastingLocation): Knex.Config {
  if (location.kind === 'sqlite') return sqliteConnection(location);
  return {
    client: location.kind,
    connection: location.url,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    log: SILENT,
    // Idle connections end, so that a server that was restarted is met with new ones.
    pool: { min: 0, max: MAX_CONNECTIONS },
  };
}

function sqliteConnection({ filename }: SqliteLocation): Knex.Config {
  return {
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    log: SILENT,
    pool: {
      afterCreate: (database: SqliteDatabase, done: () => void) => {
        database.pragma('journal_mode = WAL');
        // With less, WAL may lose acknowledged commits when the machine loses power.
        database.pragma('synchronous = FULL');
        database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
        done();
      },
    },
  };
}

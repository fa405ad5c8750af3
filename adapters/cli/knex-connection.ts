import type { Knex } from 'knex';
import type { PersistentLocation, SqliteLocation } from './database-location.js';

/** The part of a better-sqlite3 connection that is used here. */
interface SqliteDatabase {
  pragma(source: string): unknown;
}

/** Knex logs to the standard output what it also throws. */
const SILENT = { debug() {}, deprecate() {}, warn() {}, error() {} };

/** How long a statement waits while another process writes to the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/** How long an operation waits for a connection, before the server is reported as unavailable. */
const ACQUIRE_TIMEOUT_MS = 10_000;

const MAX_CONNECTIONS = 10;

/** The peer dependencies that a database needs. */
export function driversOf({ kind }: PersistentLocation): readonly [knex: 'knex', driver: string] {
  return ['knex', kind === 'sqlite' ? 'better-sqlite3' : kind];
}

export function connectionTo(location: PersistentLocation): Knex.Config {
  if (location.kind === 'sqlite') return sqliteConnection(location);
  return {
    client: location.kind,
    connection: location.url,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    log: SILENT,
    // With a minimum, Knex would keep connections that a restart of the server has broken.
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
        // In WAL mode, NORMAL may lose acknowledged commits on power loss.
        database.pragma('synchronous = FULL');
        database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
        done();
      },
    },
  };
}

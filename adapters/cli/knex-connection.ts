import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import type { PersistentLocation, ServerLocation, SqliteLocation } from './database-location.js';

/** The part of a better-sqlite3 connection that is used here. */
interface SqliteDatabase {
  pragma(source: string): unknown;
}

/** Knex logs to the standard output what it also throws. */
const SILENT = { debug() {}, deprecate() {}, warn() {}, error() {} };

/** How long an operation waits for a connection, before the server is reported as unavailable. */
const ACQUIRE_TIMEOUT_MS = 10_000;

const DEFAULT_POOL_SIZE = 10;

export interface ConnectionOptions {
  /** The greatest number of connections to a server. Default 10. */
  readonly poolSize?: number | undefined;
  /** How long the server may take to respond to a statement. Default: no limit. */
  readonly statementTimeoutMs?: number | undefined;
}

/** The part of a mysql2 connection that is used here. */
interface MySqlConnection {
  readonly stream: Socket;
}

/** The peer dependencies that a database needs. */
export function driversOf({ kind }: PersistentLocation): readonly [knex: 'knex', driver: string] {
  return ['knex', kind === 'sqlite' ? 'better-sqlite3' : kind];
}

export function connectionTo(location: PersistentLocation, options: ConnectionOptions = {}): Knex.Config {
  if (location.kind === 'sqlite') return sqliteConnection(location);
  const { poolSize = DEFAULT_POOL_SIZE, statementTimeoutMs } = options;
  return {
    client: location.kind,
    connection: location.kind === 'pg' ? pgConnection(location, statementTimeoutMs) : location.url,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    log: SILENT,
    // With a minimum, Knex would keep connections that a restart of the server has broken.
    pool: {
      min: 0,
      max: poolSize,
      ...(location.kind === 'mysql2' && statementTimeoutMs !== undefined && limitSilence(statementTimeoutMs)),
    },
  };
}

function pgConnection({ url, ssl }: ServerLocation, statementTimeoutMs: number | undefined): Knex.PgConnectionConfig {
  return {
    connectionString: url,
    ...(ssl !== undefined && { ssl }),
    // Not `statement_timeout`: PgBouncer refuses to connect with it.
    ...(statementTimeoutMs !== undefined && { query_timeout: statementTimeoutMs }),
  };
}

/** mysql2 has no time limit for statements. This one also closes connections that were idle for so long. */
function limitSilence(ms: number): Knex.PoolConfig {
  return {
    afterCreate: ({ stream }: MySqlConnection, done: (error?: Error) => void) => {
      stream.setTimeout(ms, () => stream.destroy(new Error('The server does not respond.')));
      done();
    },
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
        // Waiting would block the event loop; Dossier waits by itself.
        database.pragma('busy_timeout = 0');
        done();
      },
    },
  };
}

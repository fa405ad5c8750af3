import type { Knex } from 'knex';
import { importPeers } from './import-peers.js';
import type { OpenStorage } from './storage.js';
import { UserError } from './user-error.js';

/** What is used here of a connection of better-sqlite3. */
interface SqliteDatabase {
  pragma(source: string): unknown;
}

/** Knex would write to the standard output what it also throws. */
const SILENT = { debug() {}, deprecate() {}, warn() {}, error() {} };

/** How long a statement waits for another process that writes the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens a SQLite file, makes it if it is not there, and brings its tables up to date.
 *
 * @throws UserError if that fails
 */
export async function openSqlite(filename: string): Promise<OpenStorage> {
  const { connect, KnexProfileRepository, migrate } = await importPeers(['knex', 'better-sqlite3'], loadModules);
  const knex = connect(connectionTo(filename));
  try {
    // What keeps the file from being opened is told best by the driver. No profile is read yet, so it quotes none.
    await knex.raw('select 1');
    await migrate(knex);
  } catch (error) {
    await knex.destroy();
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new UserError(`Cannot open the SQLite database ${filename}: ${reason}`);
  }
  return { repository: new KnexProfileRepository(knex), close: () => knex.destroy() };
}

async function loadModules() {
  // Knex would load the driver later, and tell in words of its own that it is missing.
  import.meta.resolve('better-sqlite3');
  const [{ default: connect }, adapter] = await Promise.all([import('knex'), import('dossier/knex')]);
  return { connect, ...adapter };
}

function connectionTo(filename: string): Knex.Config {
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

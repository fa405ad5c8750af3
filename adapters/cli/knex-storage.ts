import type { ProfileRepository } from 'dossier/storage';
import { type LastingLocation, nameOfDatabase } from './database-location.js';
import { importPeers } from './import-peers.js';
import { connectionTo, driversOf } from './knex-connection.js';
import { UserError } from './user-error.js';

export interface KnexStorage {
  readonly repository: ProfileRepository;
  /** The names of the migrations that were run when it was opened. */
  readonly migrated: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Opens a database by Knex, and brings its tables up to date. A SQLite file that is not there is made.
 *
 * @throws UserError if that fails
 */
export async function openKnexStorage(location: LastingLocation): Promise<KnexStorage> {
  const [knexPackage, driver] = driversOf(location);
  const { connect, KnexProfileRepository, migrate } = await importPeers([knexPackage, driver], async () => {
    // Knex would load the driver later, and tell in words of its own that it is missing.
    import.meta.resolve(driver);
    const [{ default: connect }, adapter] = await Promise.all([import('knex'), import('dossier/knex')]);
    return { connect, ...adapter };
  });
  const knex = connect(connectionTo(location));
  try {
    // What keeps the database from being opened is told best by the driver. No profile is read yet, so it quotes none.
    await knex.raw('select 1');
    const migrated = await migrate(knex);
    return { repository: new KnexProfileRepository(knex), migrated, close: () => knex.destroy() };
  } catch (error) {
    await knex.destroy();
    throw new UserError(`Cannot open the database ${nameOfDatabase(location)}: ${reasonOf(error)}`);
  }
}

/** An error that gathers those of several addresses has a code, but no message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return error.message || ('code' in error ? String(error.code) : error.name);
}

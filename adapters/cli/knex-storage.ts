import type { ProfileRepository } from 'dossier/storage';
import { nameOfDatabase, type PersistentLocation } from './database-location.js';
import { importPeers } from './import-peers.js';
import { type ConnectionOptions, connectionTo, driversOf } from './knex-connection.js';
import { createPrivateFile } from './private-file.js';
import { UserError } from './user-error.js';

export interface KnexStorage {
  readonly repository: ProfileRepository;
  /** The names of the migrations that were applied while opening. */
  readonly migrated: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Connects to a database through Knex and applies pending migrations. A missing SQLite file is created, for its owner alone.
 *
 * @throws UserError if a package is missing, the connection fails or a migration fails
 */
export async function openKnexStorage(
  location: PersistentLocation,
  options: ConnectionOptions = {},
): Promise<KnexStorage> {
  const [knexPackage, driver] = driversOf(location);
  const { connect, KnexProfileRepository, migrate } = await importPeers([knexPackage, driver], async () => {
    // Knex would load the driver later and report a missing one in its own words.
    import.meta.resolve(driver);
    const [{ default: connect }, adapter] = await Promise.all([import('knex'), import('dossier/knex')]);
    return { connect, ...adapter };
  });
  if (location.kind === 'sqlite') await createPrivateFile(location.filename);
  const knex = connect(connectionTo(location, options));
  try {
    // The driver's own message explains best why a connection fails. No profile is read yet, so it quotes none.
    await knex.raw('select 1');
    const migrated = await migrate(knex);
    return { repository: new KnexProfileRepository(knex), migrated, close: () => knex.destroy() };
  } catch (error) {
    await knex.destroy();
    throw new UserError(`Cannot open the database ${nameOfDatabase(location)} (--database): ${reasonOf(error)}`);
  }
}

/** The AggregateError for a host with several addresses has a code, but an empty message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return error.message || ('code' in error ? String(error.code) : error.name);
}

import { existsSync } from 'node:fs';
import type { ProfileRepository } from 'dossier/storage';
import type { DatabaseLocation } from './database-location.js';
import type { ConnectionOptions } from './knex-connection.js';
import { openKnexStorage } from './knex-storage.js';
import { UserError } from './user-error.js';

/** A repository that the command must close. */
export interface OpenStorage {
  readonly repository: ProfileRepository;
  readonly close: () => Promise<void>;
}

/**
 * Opens a database and applies pending migrations. A missing SQLite file is created.
 *
 * @throws UserError if the database cannot be opened
 */
export async function openStorage(location: DatabaseLocation, options?: ConnectionOptions): Promise<OpenStorage> {
  return location.kind === 'memory' ? openMemory() : openKnexStorage(location, options);
}

/**
 * Opens a database for a command that needs what is in it, and creates no file.
 *
 * @throws UserError if there is no such SQLite file, or the database cannot be opened
 */
export async function openExistingStorage(location: DatabaseLocation): Promise<OpenStorage> {
  if (location.kind === 'sqlite' && location.filename !== ':memory:' && !existsSync(location.filename)) {
    throw new UserError(
      `There is no database file ${location.filename} (--database, or DOSSIER_DATABASE). Correct the location, or create it with: dossier migrate`,
    );
  }
  return openStorage(location);
}

async function openMemory(): Promise<OpenStorage> {
  const { InMemoryProfileRepository } = await import('dossier/memory');
  return { repository: new InMemoryProfileRepository(), close: async () => undefined };
}

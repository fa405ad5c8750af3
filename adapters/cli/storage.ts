import type { ProfileRepository } from 'dossier/storage';
import type { DatabaseLocation } from './database-location.js';
import type { ConnectionOptions } from './knex-connection.js';
import { openKnexStorage } from './knex-storage.js';

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

async function openMemory(): Promise<OpenStorage> {
  const { InMemoryProfileRepository } = await import('dossier/memory');
  return { repository: new InMemoryProfileRepository(), close: async () => undefined };
}

import type { ProfileRepository } from 'dossier/storage';
import type { DatabaseLocation } from './database-location.js';
import { openKnexStorage } from './knex-storage.js';

/** A repository that the command has opened, and must close. */
export interface OpenStorage {
  readonly repository: ProfileRepository;
  readonly close: () => Promise<void>;
}

/**
 * Opens a database and brings its tables up to date. A SQLite file that is not there is made.
 *
 * @throws UserError if the database cannot be opened
 */
export async function openStorage(location: DatabaseLocation): Promise<OpenStorage> {
  return location.kind === 'memory' ? openMemory() : openKnexStorage(location);
}

async function openMemory(): Promise<OpenStorage> {
  const { InMemoryProfileRepository } = await import('dossier/memory');
  return { repository: new InMemoryProfileRepository(), close: async () => undefined };
}

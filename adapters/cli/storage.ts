import type { ProfileRepository } from 'dossier';
import type { DatabaseLocation } from './option-values.js';
import { openSqlite } from './sqlite-storage.js';

/** A repository that the command has opened, and must close. */
export interface OpenStorage {
  readonly repository: ProfileRepository;
  readonly close: () => Promise<void>;
}

/** @throws UserError if the database cannot be opened */
export async function openStorage(location: DatabaseLocation): Promise<OpenStorage> {
  return location.kind === 'memory' ? openMemory() : openSqlite(location.filename);
}

async function openMemory(): Promise<OpenStorage> {
  const { InMemoryProfileRepository } = await import('dossier/memory');
  return { repository: new InMemoryProfileRepository(), close: async () => undefined };
}

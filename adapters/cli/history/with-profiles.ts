import type { ProfileService, ServiceOptions } from 'dossier';
import type { PersistentLocation } from '../database-location.js';
import { openExistingStorage } from '../storage.js';

/** The options of every command that reads or changes history. */
export interface HistoryOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
  readonly history?: ServiceOptions['history'];
  readonly changes?: ServiceOptions['changes'];
}

/** The options of every command that changes profiles and says who does it and why. */
export interface ChangeOptions extends HistoryOptions {
  readonly actor?: string;
  readonly reason?: string;
  readonly dryRun?: true;
}

/**
 * Works on the profiles of a database, and closes it.
 *
 * @throws UserError if the database cannot be opened
 */
export async function withProfiles(
  { database, history, changes }: HistoryOptions,
  work: (profiles: ProfileService) => Promise<void>,
): Promise<void> {
  const storage = await openExistingStorage(database);
  try {
    const { createDossier } = await import('dossier');
    await work(createDossier({ repository: storage.repository, history, changes }).profiles);
  } finally {
    await storage.close();
  }
}

import { backoff, StorageUnavailableError } from 'dossier/storage';

const MAX_ATTEMPTS = 20;

/** A change with preconditions. */
export interface Attempt<Conflict> {
  /** @returns whether the change took effect */
  run(): Promise<boolean>;
  /** @returns what the change conflicts with now; `undefined` if nothing */
  findConflict(): Promise<Conflict | undefined>;
}

/**
 * Tries a change and, only if it did not take effect, looks for the conflict. By then the conflict may be gone: then
 * tries again.
 */
export async function commitOrConflict<Conflict>(
  change: Attempt<Conflict>,
): Promise<Conflict | { readonly outcome: 'committed' }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (await change.run()) return { outcome: 'committed' };
    const conflict = await change.findConflict();
    if (conflict !== undefined) return conflict;
    await backoff(attempt);
  }
  throw new StorageUnavailableError('Concurrent changes of the same data did not cease. Try again.');
}

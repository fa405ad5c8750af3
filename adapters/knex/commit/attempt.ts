import { backoff, StorageUnavailableError } from 'dossier/storage';

const MAX_ATTEMPTS = 20;

/** A change with preconditions. */
export interface Attempt<Result> {
  /** @returns `undefined` if the change did not take effect */
  run(): Promise<Result | undefined>;
  /** @returns what the change conflicts with now; `undefined` if nothing */
  findConflict(): Promise<Result | undefined>;
}

/**
 * Tries a change and, only if it did not take effect, looks for the conflict. By then the conflict may be gone: then
 * tries again.
 */
export async function commitOrConflict<Result>(change: Attempt<Result>): Promise<Result> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const result = (await change.run()) ?? (await change.findConflict());
    if (result !== undefined) return result;
    await backoff(attempt);
  }
  throw new StorageUnavailableError('Concurrent changes of the same data did not cease. Try again.');
}

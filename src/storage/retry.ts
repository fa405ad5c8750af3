import { StorageUnavailableError } from '../errors.js';
import { backoff } from './backoff.js';
import { countAttempt } from './tracing.js';

const MAX_ATTEMPTS = 40;

/**
 * Runs an optimistic change (load, decide, commit), and repeats it with backoff while it meets concurrent changes.
 *
 * @param attempt returns `undefined` if the data changed between loading and committing
 * @throws StorageUnavailableError after 40 attempts
 */
export async function retry<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 1; count <= MAX_ATTEMPTS; count += 1) {
    countAttempt();
    const result = await attempt();
    if (result !== undefined) return result;
    await backoff(count);
  }
  throw new StorageUnavailableError(
    `Concurrent changes of the same data conflicted with all ${MAX_ATTEMPTS} attempts. Try again later.`,
  );
}

import { StorageUnavailableError } from '../errors.js';
import { backoff } from './backoff.js';
import { countAttempt } from './tracing.js';

const MAX_ATTEMPTS = 40;

/**
 * Carries out an optimistic change: load, decide, commit; again, with backoff, as long as others change the same data.
 *
 * @param attempt answers `undefined` when the data changed in between, and the change has to be decided again
 * @throws StorageUnavailableError when the last attempt fails as well
 */
export async function retry<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 1; count <= MAX_ATTEMPTS; count += 1) {
    countAttempt();
    const result = await attempt();
    if (result !== undefined) return result;
    await backoff(count);
  }
  throw new StorageUnavailableError(`Others kept changing the same data; gave up after ${MAX_ATTEMPTS} attempts.`);
}

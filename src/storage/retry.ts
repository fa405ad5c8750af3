import { setTimeout } from 'node:timers/promises';
import { StorageUnavailableError } from '../errors.js';
import { countAttempt } from './tracing.js';

const MAX_ATTEMPTS = 40;
const MAX_DELAY_MS = 100;

/**
 * Carries out an optimistic change: load, decide, commit. Between two attempts it waits, longer each time and by chance,
 * so that writers of the same profile do not meet again and again.
 *
 * @param attempt answers `undefined` when something moved in between, and the change has to be decided again
 * @throws StorageUnavailableError when the last attempt comes to nothing as well
 */
export async function retry<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 1; count <= MAX_ATTEMPTS; count += 1) {
    countAttempt();
    const result = await attempt();
    if (result !== undefined) return result;
    await setTimeout(Math.random() * Math.min(2 ** count, MAX_DELAY_MS));
  }
  throw new StorageUnavailableError(`Others kept changing the same data; gave up after ${MAX_ATTEMPTS} attempts.`);
}

import type { ProfileRepository } from '../storage/profile-repository.js';
import type { ClauseContext } from './clause.js';

/** Starts so many calls at once, by turns on both connections, and answers what became of each. */
export function race<T>(
  { repository, rival }: ClauseContext,
  racers: number,
  act: (repository: ProfileRepository, racer: number) => Promise<T>,
): Promise<T[]> {
  return settled(Array.from({ length: racers }, (_, racer) => act(racer % 2 === 0 ? repository : rival, racer)));
}

/** Waits for all, also when one fails, so that nothing goes on once the test has ended. */
export async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Lets other work go on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

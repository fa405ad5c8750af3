import type { ProfileRepository } from '../src/storage/profile-repository.js';
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

/**
 * Reads again and again until all is written: so many readers at once, by turns on the second connection and on the
 * first.
 */
export async function readWhileWriting(
  { repository, rival }: Pick<ClauseContext, 'repository' | 'rival'>,
  readers: number,
  write: () => Promise<void>,
  read: (connection: ProfileRepository) => Promise<void>,
): Promise<void> {
  let goesOn = true;
  const stop = () => {
    goesOn = false;
  };
  const reading = async (connection: ProfileRepository, behind: number) => {
    // In a store that does one thing in each turn, all would read in the same turns, and what is written in others.
    for (let turn = 0; turn < behind; turn++) await pause();
    while (goesOn) {
      await read(connection);
      await pause();
    }
  };
  const all = Array.from({ length: readers }, (_, reader) =>
    reading(reader % 2 === 0 ? rival : repository, Math.floor(reader / 2)),
  );
  await settled([write().finally(stop), ...all.map((one) => one.finally(stop))]);
}

/** Lets other work go on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

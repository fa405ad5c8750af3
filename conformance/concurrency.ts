import type { ProfileRepository } from '../src/storage/profile-repository.js';
import type { ClauseContext } from './clause.js';

/** Starts `racers` calls at once, alternating between both connections, and resolves to their results. */
export function race<T>(
  { repository, secondConnection }: ClauseContext,
  racers: number,
  act: (repository: ProfileRepository, racer: number) => Promise<T>,
): Promise<T[]> {
  return awaitAll(
    Array.from({ length: racers }, (_, racer) => act(racer % 2 === 0 ? repository : secondConnection, racer)),
  );
}

/** Like `Promise.all`, but waits for all also if one rejects: nothing may still run when the test ends. */
export async function awaitAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Runs `readers` loops that read until `write` is done, alternating between the second connection and the first. */
export async function readWhileWriting(
  { repository, secondConnection }: Pick<ClauseContext, 'repository' | 'secondConnection'>,
  readers: number,
  write: () => Promise<void>,
  read: (connection: ProfileRepository) => Promise<void>,
): Promise<void> {
  let writing = true;
  const stop = () => {
    writing = false;
  };
  const reading = async (connection: ProfileRepository, delay: number) => {
    // Staggered: in an in-process store, all readers would otherwise read in the same turns of the event loop.
    for (let turn = 0; turn < delay; turn++) await yieldToEventLoop();
    while (writing) {
      await read(connection);
      await yieldToEventLoop();
    }
  };
  const all = Array.from({ length: readers }, (_, reader) =>
    reading(reader % 2 === 0 ? secondConnection : repository, Math.floor(reader / 2)),
  );
  await awaitAll([write().finally(stop), ...all.map((one) => one.finally(stop))]);
}

/** Lets other work run. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

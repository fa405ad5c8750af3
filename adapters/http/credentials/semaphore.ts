/** Runs an asynchronous function once a permit is free. */
export type Semaphore = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Limits how many calls run at the same time; further calls wait in order of arrival. */
export function createSemaphore(permits: number): Semaphore {
  const waiting: (() => void)[] = [];
  let free = permits;

  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Hands the permit to the next waiting call directly, so that a new call cannot overtake it.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

import { TooManyRequestsError } from 'dossier';

/** How much work may run and wait at the same time. */
export interface QueueLimits {
  readonly running: number;
  readonly waiting: number;
}

/** Runs work in its turn, unless the signal drops it before. */
export type BoundedQueue = <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/**
 * Makes a queue that runs a limited number of asynchronous functions at the same time. A limited number of others wait, in
 * order of arrival. The queue throws
 *
 * - TooManyRequestsError if too much work waits already
 * - the reason of the signal, if it drops the work
 */
export function createBoundedQueue(limits: QueueLimits): BoundedQueue {
  const waiting = new Set<() => void>();
  let running = 0;
  let lastDurationMs = 0;

  function permit(signal: AbortSignal): Promise<void> {
    if (waiting.size >= limits.waiting) throw tooMany();
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', drop);
        resolve();
      };
      const drop = () => {
        waiting.delete(start);
        reject(signal.reason);
      };
      signal.addEventListener('abort', drop, { once: true });
      waiting.add(start);
    });
  }

  /** Hands the permit to the next one directly, so that new work cannot overtake it. */
  function startNext(): void {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  function tooMany(): TooManyRequestsError {
    const ahead = waiting.size / limits.running;
    const retryAfter = Math.max(1, Math.ceil((ahead * lastDurationMs) / 1000));
    return new TooManyRequestsError(
      `Too many passwords wait to be checked. Send the request again in ${retryAfter} seconds.`,
      { retryAfter },
    );
  }

  return async (work, signal) => {
    signal.throwIfAborted();
    if (running < limits.running) running += 1;
    else await permit(signal);
    const started = performance.now();
    try {
      return await work();
    } finally {
      lastDurationMs = performance.now() - started;
      startNext();
    }
  };
}

interface Running<Result> {
  readonly result: Promise<Result>;
  readonly controller: AbortController;
  /** How many callers wait for the result. */
  callers: number;
}

/**
 * @param key equal for the same work
 * @param signal ends this caller's wait; the signal of the work is aborted once no caller is left
 */
export type SharedWork<Result> = (
  key: string,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
) => Promise<Result>;

/**
 * Makes a function that runs work once for all callers that ask for the same at the same time. It throws the reason of the
 * signal, and what the work throws.
 */
export function createSharedWork<Result>(): SharedWork<Result> {
  const allRunning = new Map<string, Running<Result>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<Result>): Running<Result> {
    const controller = new AbortController();
    const running: Running<Result> = { result: work(controller.signal), controller, callers: 0 };
    allRunning.set(key, running);
    const forgetIt = () => forget(key, running);
    running.result.then(forgetIt, forgetIt);
    return running;
  }

  function forget(key: string, running: Running<Result>): void {
    if (allRunning.get(key) === running) allRunning.delete(key);
  }

  return async (key, work, signal) => {
    signal.throwIfAborted();
    const running = allRunning.get(key) ?? start(key, work);
    running.callers += 1;
    return new Promise<Result>((resolve, reject) => {
      const leave = () => {
        running.callers -= 1;
        if (running.callers === 0) {
          // Later callers must not join work that is being dropped.
          forget(key, running);
          running.controller.abort();
        }
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      running.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  };
}

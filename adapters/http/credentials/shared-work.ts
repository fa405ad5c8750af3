interface Running<Result> {
  readonly result: Promise<Result>;
  readonly controller: AbortController;
  /** How many callers wait for the result. */
  callers: number;
}

/** Runs work once for all callers that ask for the same at the same time. */
export class SharedWork<Result> {
  readonly #running = new Map<string, Running<Result>>();

  /**
   * @param key equal for the same work
   * @param signal ends this caller's wait; the signal of the work is aborted once no caller is left
   * @throws the reason of the signal; what the work throws
   */
  async run(key: string, work: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.callers += 1;
    return new Promise<Result>((resolve, reject) => {
      const leave = () => {
        running.callers -= 1;
        if (running.callers === 0) this.#drop(key, running);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      running.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Result>): Running<Result> {
    const controller = new AbortController();
    const running: Running<Result> = { result: work(controller.signal), controller, callers: 0 };
    this.#running.set(key, running);
    const forget = () => this.#forget(key, running);
    running.result.then(forget, forget);
    return running;
  }

  /** Later callers must not join work that is being dropped. */
  #drop(key: string, running: Running<Result>): void {
    this.#forget(key, running);
    running.controller.abort();
  }

  #forget(key: string, running: Running<Result>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}

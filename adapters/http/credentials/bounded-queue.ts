import { TooManyRequestsError } from 'dossier';

interface Waiting {
  readonly start: () => void;
}

/** How much work may run and wait at the same time. */
export interface QueueLimits {
  readonly running: number;
  readonly waiting: number;
}

/** Runs a limited number of asynchronous functions at the same time. A limited number of others wait, in order of arrival. */
export class BoundedQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #lastDurationMs = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * @param signal drops the work if it has not started
   * @throws TooManyRequestsError if too much work waits already
   * @throws the reason of the signal, if it drops the work
   */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    if (this.#running < this.#limits.running) this.#running += 1;
    else await this.#permit(signal);
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#lastDurationMs = performance.now() - started;
      this.#startNext();
    }
  }

  #permit(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) throw this.#tooMany();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          signal.removeEventListener('abort', drop);
          resolve();
        },
      };
      const drop = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      signal.addEventListener('abort', drop, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** Hands the permit to the next one directly, so that new work cannot overtake it. */
  #startNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next.start();
  }

  #tooMany(): TooManyRequestsError {
    const ahead = this.#waiting.size / this.#limits.running;
    const retryAfter = Math.max(1, Math.ceil((ahead * this.#lastDurationMs) / 1000));
    return new TooManyRequestsError(
      `Too many passwords wait to be checked. Send the request again in ${retryAfter} seconds.`,
      { retryAfter },
    );
  }
}

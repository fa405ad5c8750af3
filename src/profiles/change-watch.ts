import type { ChangesPage, StoredLine } from '../storage/change-lines.js';

/** How long a new line may wait until those who wait for it see it, in milliseconds. */
const INTERVAL_MS = 250;

/** The most lines that are read at once for all who wait. */
const LIMIT = 1_000;

type Lines = readonly StoredLine[];

interface Waiter {
  resolve(lines: Lines | undefined): void;
  reject(error: unknown): void;
}

/**
 * Waits for lines after the newest position of one feed, however many wait: the storage is polled once for all of them, and
 * only while there are some.
 */
export class ChangeWatch {
  readonly #poll: (after: number, limit: number) => Promise<ChangesPage>;
  readonly #waiters = new Set<Waiter>();
  #position = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param poll reads lines after a position */
  constructor(poll: (after: number, limit: number) => Promise<ChangesPage>) {
    this.#poll = poll;
  }

  get isIdle(): boolean {
    return this.#waiters.size === 0;
  }

  /**
   * @param after the newest position, as the caller has read it
   * @returns the lines after it; none if there may be some already; `undefined` if there is none in time
   * @throws the reason of the signal, if it is aborted
   */
  next(after: number, waitMs: number, signal: AbortSignal | undefined): Promise<Lines | undefined> {
    signal?.throwIfAborted();
    if (this.isIdle) this.#position = after;
    if (this.#position !== after) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const settle = <Value>(settled: (value: Value) => void) => {
        return (value: Value) => {
          this.#waiters.delete(waiter);
          if (this.isIdle) this.#stop();
          clearTimeout(timeout);
          signal?.removeEventListener('abort', abort);
          settled(value);
        };
      };
      const waiter: Waiter = { resolve: settle(resolve), reject: settle(reject) };
      const abort = () => waiter.reject(signal?.reason);
      const timeout = setTimeout(() => waiter.resolve(undefined), waitMs);
      signal?.addEventListener('abort', abort);
      this.#waiters.add(waiter);
      this.#timer ??= this.#schedule();
    });
  }

  #schedule(): NodeJS.Timeout {
    return setTimeout(() => void this.#read(), INTERVAL_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    const timer = this.#timer;
    const after = this.#position;
    let notify = (_: Waiter): void => {};
    try {
      const { lines } = await this.#poll(after, LIMIT);
      // Since nobody waits any more, or others wait elsewhere.
      if (this.#timer !== timer) return;
      if (lines.length === 0) {
        this.#timer = this.#schedule();
        return;
      }
      notify = (waiter) => waiter.resolve(lines);
    } catch (error) {
      if (this.#timer !== timer) return;
      notify = (waiter) => waiter.reject(error);
    }
    for (const waiter of [...this.#waiters]) notify(waiter);
  }
}

import { backoff } from 'dossier/storage';
import type { Result, Step } from '../sql/statement.js';
import { codeOf, type FaultKind, faultOf } from './faults.js';
import { type AtomicWork, DriverFailure, type Session } from './session.js';

const MAX_ATTEMPTS = 10;
/** No further attempt after this time: a server may wait seconds for a lock, each time. */
const MAX_ELAPSED_MS = 10_000;
const MAX_DELAY_MS = 200;

/**
 * Retries what the database aborted because of concurrent transactions, or what waits for a lock, and turns driver failures into errors of Dossier.
 * Exponential backoff with jitter. Never retries in a host transaction: the database may have rolled all of it back.
 */
export class ResilientSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #session: Session;
  readonly #faultKind: (driverError: unknown) => FaultKind | undefined;

  constructor(session: Session, faultKind: (driverError: unknown) => FaultKind | undefined) {
    this.inHostTransaction = session.inHostTransaction;
    this.#session = session;
    this.#faultKind = faultKind;
  }

  get combines(): boolean {
    return this.#session.combines;
  }

  query(step: Step): Promise<Result> {
    return this.#retrying(() => this.#session.query(step));
  }

  execute(step: Step): Promise<Result> {
    return this.#retrying(() => this.#session.execute(step));
  }

  async atomically(work: AtomicWork): Promise<boolean> {
    if (!work.isOptional) return this.#retrying(() => this.#session.atomically(work));
    try {
      return await this.#session.atomically(work);
    } catch (error) {
      if (!(error instanceof DriverFailure)) throw error;
      const kind = this.#kindOf(error);
      if (error.stage === 'connecting' || kind === 'connection_lost' || codeOf(error.driverError) === undefined) {
        throw faultOf(error, kind);
      }
      return false;
    }
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DriverFailure)) throw error;
        const kind = this.#kindOf(error);
        const isLast = performance.now() - begin > MAX_ELAPSED_MS || (kind === 'aborted' && attempt >= MAX_ATTEMPTS);
        const isTransient = kind === 'aborted' || kind === 'locked';
        if (!isTransient || this.inHostTransaction || isLast) throw faultOf(error, kind);
        await backoff(attempt, MAX_DELAY_MS);
      }
    }
  }

  #kindOf({ stage, driverError }: DriverFailure): FaultKind | undefined {
    return stage === 'connecting' ? 'unavailable' : this.#faultKind(driverError);
  }
}

import { setTimeout } from 'node:timers/promises';
import type { Plan, Result, Step } from '../sql/statement.js';
import { type FaultKind, faultOf } from './faults.js';
import { Interruption, type Session } from './session.js';

const MAX_ATTEMPTS = 10;
/** No further attempt after this time: waiting for a lock may take seconds each time. */
const MAX_ELAPSED_MS = 10_000;
const MAX_DELAY_MS = 200;

/**
 * Tries again what the database gave up in favour of others, and makes errors of the driver errors of Dossier. In a
 * transaction of the host nothing is tried again: the database may have rolled all of it back.
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

  query(step: Step): Promise<Result> {
    return this.#persist(() => this.#session.query(step));
  }

  execute(step: Step): Promise<Result> {
    return this.#persist(() => this.#session.execute(step));
  }

  atomically(plan: () => Plan<boolean>, combined?: Step, apart?: Step): Promise<boolean> {
    return this.#persist(() => this.#session.atomically(plan, combined, apart));
  }

  async #persist<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Interruption)) throw error;
        const kind = error.stage === 'connecting' ? 'unreachable' : this.#faultKind(error.driverError);
        const last = attempt === MAX_ATTEMPTS || performance.now() - begin > MAX_ELAPSED_MS;
        if (kind !== 'conflict' || this.inHostTransaction || last) throw faultOf(error, kind);
        await setTimeout(Math.random() * Math.min(5 * 2 ** attempt, MAX_DELAY_MS));
      }
    }
  }
}

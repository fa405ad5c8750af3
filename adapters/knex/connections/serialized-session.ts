import type { Result, Step } from '../sql/statement.js';
import { runExclusive } from './keyed-mutex.js';
import type { AtomicWork, Session } from './session.js';

/**
 * Serializes the work in a transaction of the host. Rolling back to a savepoint undoes everything after it, so no other
 * change may run inside the savepoint and be reported as committed.
 */
export class SerializedSession implements Session {
  readonly inHostTransaction = true;
  readonly combines = false;
  readonly #session: Session;
  readonly #transaction: object;

  constructor(session: Session, transaction: object) {
    this.#session = session;
    this.#transaction = transaction;
  }

  query(step: Step): Promise<Result> {
    return runExclusive(this.#transaction, () => this.#session.query(step));
  }

  execute(step: Step): Promise<Result> {
    return runExclusive(this.#transaction, () => this.#session.execute(step));
  }

  atomically(work: AtomicWork): Promise<boolean> {
    return runExclusive(this.#transaction, () => this.#session.atomically(work));
  }
}

import type { Plan, Result, Step } from '../sql/statement.js';
import { inTurn } from './keyed-mutex.js';
import type { Session } from './session.js';

/**
 * Lets one piece of work after the other into a transaction of the host. What runs between a savepoint and the return to
 * it is undone with it, so a change must not slip into the savepoint of another, and be reported as committed.
 */
export class OrderedSession implements Session {
  readonly inHostTransaction = true;
  readonly #session: Session;
  readonly #transaction: object;

  constructor(session: Session, transaction: object) {
    this.#session = session;
    this.#transaction = transaction;
  }

  query(step: Step): Promise<Result> {
    return inTurn(this.#transaction, () => this.#session.query(step));
  }

  execute(step: Step): Promise<Result> {
    return inTurn(this.#transaction, () => this.#session.execute(step));
  }

  atomically(plan: () => Plan<boolean>, combined?: Step): Promise<boolean> {
    return inTurn(this.#transaction, () => this.#session.atomically(plan, combined));
  }
}

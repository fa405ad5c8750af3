import type { Session } from './session.js';
import type { Plan, Result, Step } from './statement.js';

/** The last piece of work in each transaction, whichever repository it belongs to. */
const last = new WeakMap<object, Promise<unknown>>();

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
    return this.#inTurn(() => this.#session.query(step));
  }

  execute(step: Step): Promise<Result> {
    return this.#inTurn(() => this.#session.execute(step));
  }

  atomically(plan: () => Plan<boolean>, combined?: Step): Promise<boolean> {
    return this.#inTurn(() => this.#session.atomically(plan, combined));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = (last.get(this.#transaction) ?? Promise.resolve()).then(work);
    // Whether it succeeds is a matter of whoever has asked for it.
    last.set(
      this.#transaction,
      done.catch(() => undefined),
    );
    return done;
  }
}

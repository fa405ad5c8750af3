import { isDossierError } from 'dossier';
import type { KnexLike } from '../knex-like.js';
import { Interruption, type Stage } from './session.js';

/** What lends connections: the host's pool, or what stands before it. */
export interface ConnectionLender<Connection> {
  /** A connection that can be had without waiting, if there is one. */
  atHand(): Connection | undefined;
  acquire(): Promise<Connection>;
  /** @param usable whether nothing has gone wrong on the connection */
  giveBack(connection: Connection, usable: boolean): void;
}

/** A transaction of Knex, which always lends the same connection. */
export class TransactionLender<Connection> implements ConnectionLender<Connection> {
  readonly #transaction: KnexLike;

  constructor(transaction: KnexLike) {
    this.#transaction = transaction;
  }

  atHand(): undefined {
    assertNotEnded(this.#transaction);
  }

  acquire(): Promise<Connection> {
    return this.#transaction.client.acquireConnection();
  }

  giveBack(connection: Connection): void {
    this.#transaction.client.releaseConnection(connection);
  }
}

/**
 * Lends a connection to some work. What the driver throws becomes an {@link Interruption}.
 *
 * @param stage how far the work has come when it fails, unless it says otherwise itself
 */
export async function withConnection<Connection, T>(
  lender: ConnectionLender<Connection>,
  stage: Stage,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  const connection = lender.atHand() ?? (await acquireFrom(lender));
  let usable = false;
  try {
    const working = work(connection);
    // SQLite is done at once, and would lose a good part of its time by waiting nevertheless.
    const result = working instanceof Promise ? await working : working;
    usable = true;
    return result;
  } catch (error) {
    throw interruptionOf(error, stage);
  } finally {
    lender.giveBack(connection, usable);
  }
}

async function acquireFrom<Connection>(lender: ConnectionLender<Connection>): Promise<Connection> {
  try {
    return await lender.acquire();
  } catch (error) {
    throw interruptionOf(error, 'connecting');
  }
}

/** Once a transaction has ended, its connection may serve others. */
export function assertNotEnded(knex: object): void {
  if ('isCompleted' in knex && typeof knex.isCompleted === 'function' && knex.isCompleted()) {
    throw new Error('The transaction that this repository is bound to has ended.');
  }
}

function interruptionOf(error: unknown, stage: Stage): unknown {
  return error instanceof Interruption || isDossierError(error) ? error : new Interruption(error, stage);
}

import { isDossierError } from 'dossier';
import type { KnexLike } from '../knex-like.js';
import { DriverFailure, type Stage } from './session.js';

/** Provides connections: from the host's pool, or held back from it for a moment. */
export interface ConnectionProvider<Connection> {
  /** A connection that is available without waiting, if there is one. */
  immediate(): Connection | undefined;
  acquire(): Promise<Connection>;
  /** @param usable false after any failure on the connection */
  release(connection: Connection, usable: boolean): void;
}

/** Provides the one connection of a Knex transaction. */
export class TransactionConnection<Connection> implements ConnectionProvider<Connection> {
  readonly #transaction: KnexLike;

  constructor(transaction: KnexLike) {
    this.#transaction = transaction;
  }

  immediate(): undefined {
    assertOpen(this.#transaction);
  }

  acquire(): Promise<Connection> {
    return this.#transaction.client.acquireConnection();
  }

  release(connection: Connection): void {
    this.#transaction.client.releaseConnection(connection);
  }
}

/**
 * Runs work on a connection. Turns what the driver throws into a {@link DriverFailure}.
 *
 * @param stage the stage in which the work fails, unless it throws a {@link DriverFailure} itself
 */
export async function withConnection<Connection, T>(
  provider: ConnectionProvider<Connection>,
  stage: Stage,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  const connection = provider.immediate() ?? (await acquire(provider));
  let usable = false;
  try {
    const working = work(connection);
    // SQLite is synchronous, and an await costs a noticeable part of its time.
    const result = working instanceof Promise ? await working : working;
    usable = true;
    return result;
  } catch (error) {
    throw failureOf(error, stage);
  } finally {
    provider.release(connection, usable);
  }
}

async function acquire<Connection>(provider: ConnectionProvider<Connection>): Promise<Connection> {
  try {
    return await provider.acquire();
  } catch (error) {
    throw failureOf(error, 'connecting');
  }
}

function failureOf(error: unknown, stage: Stage): unknown {
  return error instanceof DriverFailure || isDossierError(error) ? error : new DriverFailure(error, stage);
}

/** Once a transaction has ended, its connection may serve others. */
export function assertOpen(knex: object): void {
  if ('isCompleted' in knex && typeof knex.isCompleted === 'function' && knex.isCompleted()) {
    throw new Error('The transaction that this repository is bound to has ended. Bind the repository to an open one.');
  }
}

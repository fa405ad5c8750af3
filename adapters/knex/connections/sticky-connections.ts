import type { KnexClientLike } from '../knex-like.js';
import type { ConnectionProvider } from './connection-provider.js';

/** How long a connection may stay away from the pool, which may limit its lifetime. */
const MAX_STICKY_MS = 1_000;

/** A connection as Knex pools it. */
export interface PooledConnection {
  /** Makes the pool drop the connection. Knex sets it when the socket has ended. */
  __knex__disposed?: unknown;
}

/**
 * Holds a released connection back until the end of the event loop's turn, for the next caller in that turn, such as the
 * write after a load. Acquiring from the pool costs up to a fifth of a short statement.
 *
 * Nobody waits longer for it: if others are waiting for the pool, the connection returns there at once.
 */
export class StickyConnections<Connection extends PooledConnection> implements ConnectionProvider<Connection> {
  readonly #client: KnexClientLike;
  readonly #idle: Connection[] = [];
  /** When each connection left the pool. */
  readonly #acquiredAt = new Map<Connection, number>();
  #returnScheduled = false;

  constructor(client: KnexClientLike) {
    this.#client = client;
  }

  immediate(): Connection | undefined {
    const connection = this.#idle.pop();
    if (connection === undefined || this.#isValid(connection)) return connection;
    this.#return(connection);
    return undefined;
  }

  async acquire(): Promise<Connection> {
    const connection = await this.#client.acquireConnection();
    this.#acquiredAt.set(connection, performance.now());
    return connection;
  }

  release(connection: Connection, usable: boolean): void {
    if (!usable || !this.#mayStick(connection)) {
      this.#return(connection);
      return;
    }
    this.#idle.push(connection);
    if (this.#returnScheduled) return;
    this.#returnScheduled = true;
    setImmediate(() => {
      this.#returnScheduled = false;
      for (const idle of this.#idle.splice(0)) this.#return(idle);
    });
  }

  #mayStick(connection: Connection): boolean {
    // Another kind of pool does not report whether others are waiting.
    const waiting = this.#client.pool?.numPendingAcquires?.() ?? 1;
    return waiting === 0 && performance.now() - (this.#acquiredAt.get(connection) ?? 0) < MAX_STICKY_MS;
  }

  /** The checks that the pool does itself when a connection is acquired. */
  #isValid(connection: Connection): boolean {
    return !connection.__knex__disposed && this.#client.validateConnection?.(connection) !== false;
  }

  #return(connection: Connection): void {
    this.#acquiredAt.delete(connection);
    this.#client.releaseConnection(connection);
  }
}

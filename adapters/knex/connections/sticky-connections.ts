import type { KnexClientLike } from '../knex-like.js';
import type { ConnectionLender } from './connection-provider.js';

/** How long a connection serves call after call before the pool, which may have limits to its life, sees it again. */
const MAX_KEPT_MS = 1_000;

/** A connection as Knex pools it. */
export interface PooledConnection {
  /** Set, by Knex when the socket has ended, to have the pool drop the connection. */
  __knex__disposed?: unknown;
}

/**
 * Keeps a connection that was given back until the end of the turn of the event loop, and lends it again to whoever asks
 * in that turn, such as the write after a load, or the next call of a busy caller. Asking the pool takes as long as a
 * fifth of a short statement.
 *
 * Nobody waits longer for it: where others wait for the pool, it goes back there at once.
 */
export class KeptConnections<Connection extends PooledConnection> implements ConnectionLender<Connection> {
  readonly #client: KnexClientLike;
  readonly #kept: Connection[] = [];
  /** Since when each connection has been away from the pool. */
  readonly #since = new Map<Connection, number>();
  #returning = false;

  constructor(client: KnexClientLike) {
    this.#client = client;
  }

  atHand(): Connection | undefined {
    const connection = this.#kept.pop();
    if (connection === undefined || this.#isUsable(connection)) return connection;
    this.#return(connection);
    return undefined;
  }

  async acquire(): Promise<Connection> {
    const connection = await this.#client.acquireConnection();
    this.#since.set(connection, performance.now());
    return connection;
  }

  giveBack(connection: Connection, usable: boolean): void {
    if (!usable || !this.#mayKeep(connection)) {
      this.#return(connection);
      return;
    }
    this.#kept.push(connection);
    if (this.#returning) return;
    this.#returning = true;
    setImmediate(() => {
      this.#returning = false;
      for (const idle of this.#kept.splice(0)) this.#return(idle);
    });
  }

  #mayKeep(connection: Connection): boolean {
    // A pool of another kind does not tell whether others wait.
    const waiting = this.#client.pool?.numPendingAcquires?.() ?? 1;
    return waiting === 0 && performance.now() - (this.#since.get(connection) ?? 0) < MAX_KEPT_MS;
  }

  /** As the pool itself checks before it lends. */
  #isUsable(connection: Connection): boolean {
    return !connection.__knex__disposed && this.#client.validateConnection?.(connection) !== false;
  }

  #return(connection: Connection): void {
    this.#since.delete(connection);
    this.#client.releaseConnection(connection);
  }
}

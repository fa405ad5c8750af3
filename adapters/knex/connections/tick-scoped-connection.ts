import type { KnexClientLike } from '../knex-like.js';
import type { ConnectionProvider } from './connection-provider.js';

/**
 * One connection of the host's pool for everything until the event loop's turn ends. Acquiring one per statement would
 * take longer than many a statement does. For drivers with synchronous statements, during which nobody else can want
 * the connection anyway.
 */
export class TickScopedConnection<Connection> implements ConnectionProvider<Connection> {
  readonly #client: KnexClientLike;
  #connection: Connection | undefined;
  #acquiring: Promise<Connection> | undefined;

  constructor(client: KnexClientLike) {
    this.#client = client;
  }

  immediate(): Connection | undefined {
    return this.#connection;
  }

  acquire(): Promise<Connection> {
    this.#acquiring ??= this.#acquire();
    return this.#acquiring;
  }

  /** Nothing: the connection returns to the pool when the turn ends. */
  release(): void {}

  async #acquire(): Promise<Connection> {
    try {
      const connection = await this.#client.acquireConnection();
      this.#connection = connection;
      setImmediate(() => {
        this.#connection = undefined;
        this.#acquiring = undefined;
        this.#client.releaseConnection(connection);
      });
      return connection;
    } catch (error) {
      this.#acquiring = undefined;
      throw error;
    }
  }
}

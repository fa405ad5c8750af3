import type { KnexClientLike } from '../knex-like.js';
import type { ConnectionProvider } from './connection-provider.js';

/** What a dialect does with a connection before and after it is used. */
export interface TickHooks<Connection> {
  /** Called when a connection has been acquired, before it is used. */
  begin(connection: Connection): void;
  /** Called when the turn ends, before it is released. */
  end(connection: Connection): void;
}

/**
 * One connection of the host's pool for everything until the event loop's turn ends. Acquiring one per statement would
 * take longer than many a statement does. For drivers with synchronous statements, during which nobody else can want
 * the connection anyway.
 */
export class TickScopedConnection<Connection> implements ConnectionProvider<Connection> {
  readonly #client: KnexClientLike;
  readonly #hooks: TickHooks<Connection>;
  #connection: Connection | undefined;
  #acquiring: Promise<Connection> | undefined;

  constructor(client: KnexClientLike, hooks: TickHooks<Connection>) {
    this.#client = client;
    this.#hooks = hooks;
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
      const connection: Connection = await this.#client.acquireConnection();
      this.#hooks.begin(connection);
      this.#connection = connection;
      setImmediate(() => {
        this.#connection = undefined;
        this.#acquiring = undefined;
        this.#hooks.end(connection);
        this.#client.releaseConnection(connection);
      });
      return connection;
    } catch (error) {
      this.#acquiring = undefined;
      throw error;
    }
  }
}

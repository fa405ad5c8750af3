import type { KnexClientLike } from '../knex-like.js';
import type { ConnectionLender } from './connection-provider.js';

/**
 * Borrows a connection of the host's pool for all that is done before the event loop turns, and gives it back then. The
 * pool is asked once, not for each statement, which would take longer than many a statement does. Nobody waits longer
 * for it: statements of SQLite are synchronous, so that nothing else gets its turn meanwhile.
 */
export class OneTurnLoan<Connection> implements ConnectionLender<Connection> {
  readonly #client: KnexClientLike;
  #lent: Connection | undefined;
  #lending: Promise<Connection> | undefined;

  constructor(client: KnexClientLike) {
    this.#client = client;
  }

  atHand(): Connection | undefined {
    return this.#lent;
  }

  acquire(): Promise<Connection> {
    this.#lending ??= this.#borrow();
    return this.#lending;
  }

  /** All that was done with the connection is done; it goes back at the end of the turn. */
  giveBack(): void {}

  async #borrow(): Promise<Connection> {
    try {
      const connection = await this.#client.acquireConnection();
      this.#lent = connection;
      setImmediate(() => {
        this.#lent = undefined;
        this.#lending = undefined;
        this.#client.releaseConnection(connection);
      });
      return connection;
    } catch (error) {
      this.#lending = undefined;
      throw error;
    }
  }
}

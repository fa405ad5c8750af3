import type { ConnectionLender } from '../borrowed-connection.js';

/**
 * Borrows a connection of the host's pool for all that is done before the event loop turns, and gives it back then. The
 * pool is asked once, not for each statement, which would take longer than many a statement does. Nobody waits longer
 * for it: statements of SQLite are synchronous, so that nothing else gets its turn meanwhile.
 */
export class OneTurnLoan implements ConnectionLender {
  readonly #pool: ConnectionLender;
  #loan: Promise<unknown> | undefined;

  constructor(pool: ConnectionLender) {
    this.#pool = pool;
  }

  acquireConnection(): Promise<unknown> {
    this.#loan ??= this.#borrow();
    return this.#loan;
  }

  /** All that was done with the connection is done; it goes back at the end of the turn. */
  releaseConnection(): void {}

  async #borrow(): Promise<unknown> {
    try {
      const connection = await this.#pool.acquireConnection();
      setImmediate(() => {
        this.#loan = undefined;
        this.#pool.releaseConnection(connection);
      });
      return connection;
    } catch (error) {
      this.#loan = undefined;
      throw error;
    }
  }
}

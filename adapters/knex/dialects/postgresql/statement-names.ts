import { codeOf } from '../../connections/faults.js';
import { type Statement, statement } from '../../sql/statement.js';
import { DUPLICATE_STATEMENT, UNKNOWN_STATEMENT } from './faults.js';

/** → the process of the server that answers. */
const BACKEND = statement('SELECT pg_backend_pid()');

/** What is used here of a connection of pg. */
export interface BackendConnection {
  /** The process that the connection was told at its start. */
  readonly processID?: number | null | undefined;
}

/**
 * Whether statements are prepared under names, for one pool. A pooler such as PgBouncer may lend a connection of the server
 * for one transaction only: then a name that was prepared is unknown to the next connection, or known to it already. There,
 * statements are sent without a name, for good. A pooler is recognised by the process that answers: it is not the one that
 * the connection was told.
 */
export class StatementNames {
  #used = true;
  #pooled: boolean | undefined;

  get used(): boolean {
    return this.#used;
  }

  /**
   * Whether there is a pooler. If so, a transaction does without names: once a statement has failed, so has all of it.
   *
   * @param connection whose transaction, if it is in one, has not failed
   */
  async isPooled(connection: BackendConnection, backendOf: BackendQuery): Promise<boolean> {
    this.#pooled ??= Number(await backendOf(BACKEND)) !== connection.processID;
    return this.#pooled;
  }

  /**
   * @param error for which {@link isOfName} holds
   * @returns whether names are given up. Not if the host has discarded what was prepared
   */
  async giveUpAfter(error: unknown, connection: BackendConnection, backendOf: BackendQuery): Promise<boolean> {
    if (codeOf(error) === DUPLICATE_STATEMENT || (await this.isPooled(connection, backendOf).catch(() => false))) {
      this.#used = false;
    }
    return !this.#used;
  }
}

/** Whether a statement was refused, and did nothing, because of its name. */
export function isOfName(error: unknown): boolean {
  const code = codeOf(error);
  return code === DUPLICATE_STATEMENT || code === UNKNOWN_STATEMENT;
}

/** Runs {@link BACKEND} without a name; returns its value. */
type BackendQuery = (query: Statement) => Promise<unknown>;

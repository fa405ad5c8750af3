import { StorageUnavailableError } from 'dossier';
import {
  type ConnectionProvider,
  TransactionConnection,
  withConnection,
} from '../../connections/connection-provider.js';
import { codeOf } from '../../connections/faults.js';
import { runExclusive } from '../../connections/keyed-mutex.js';
import type { AtomicWork, Session, Stage } from '../../connections/session.js';
import { type PooledConnection, StickyConnections } from '../../connections/sticky-connections.js';
import { runInTransaction } from '../../connections/transaction.js';
import type { KnexLike } from '../../knex-like.js';
import type { Plan, Result, Row, Step } from '../../sql/statement.js';
import { boundValues } from './bound-values.js';
import { type Flavour, flavourOf, knownFlavour } from './flavour.js';
import { SECOND_CONNECTION_MESSAGE } from './galera.js';
import { inPackets } from './packets.js';

/** A connection of mysql2. */
interface Connection extends PooledConnection {
  /** Prepares a statement, once per connection, and runs it. */
  execute(sql: string | Query, values: readonly unknown[], done: (error: unknown, answer: Answer) => void): void;
  /** The host's options for its own statements. */
  readonly config?: { readonly typeCast?: unknown; readonly nestTables?: unknown };
  destroy(): void;
}

interface Query {
  readonly sql: string;
  readonly typeCast: true;
  readonly nestTables: false;
}

/** Rows, or the outcome of a write; for a compound statement that returns rows, a list that begins with them. */
type Answer = readonly object[] | { readonly affectedRows: number };

const DUPLICATE_KEY = 'ER_DUP_ENTRY';

export function sessions(): (knex: KnexLike) => Session {
  return (knex) => new MySqlSession(knex);
}

class MySqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #connections: ConnectionProvider<Connection>;

  constructor(knex: KnexLike) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#connections = this.inHostTransaction ? new TransactionConnection(knex) : new StickyConnections(knex.client);
  }

  get combines(): boolean {
    return knownFlavour(this.#knex.client)?.compoundStatements ?? true;
  }

  query(step: Step): Promise<Result> {
    return run(this.#connections, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return run(this.#connections, this.inHostTransaction ? 'working' : 'committing', step);
  }

  async atomically({ plan, combined, receive, onSecondConnection }: AtomicWork): Promise<boolean> {
    if (onSecondConnection !== undefined) return this.#onTwoConnections(plan, onSecondConnection);
    if (combined !== undefined && !this.inHostTransaction && (await this.#flavour()).compoundStatements) {
      const rows = await withConnection(this.#connections, 'committing', (connection) =>
        runCombined(connection, combined),
      );
      receive?.(rows);
      return rows.length > 0;
    }
    return runInTransaction(this.#knex, plan, (transaction, step) =>
      runInPackets(new TransactionConnection(transaction), step),
    );
  }

  #flavour(): Promise<Flavour> {
    return flavourOf(this.#knex.client, (step) => this.query(step));
  }

  /**
   * Runs one at a time: several would wait for each other's second connection. Acquires the second connection first, since
   * callers that wait for the plan's locks may soon hold all connections of the pool.
   *
   * @param apart the step that runs on the second connection
   */
  #onTwoConnections(plan: () => Plan<boolean>, apart: Step): Promise<boolean> {
    if (this.#knex.client.pool?.max === 1) {
      throw new StorageUnavailableError(SECOND_CONNECTION_MESSAGE);
    }
    return runExclusive(this.#knex, () =>
      withConnection(this.#connections, 'working', (second) =>
        runInTransaction(this.#knex, plan, (transaction, step) =>
          step === apart ? runOn(second, step) : runInPackets(new TransactionConnection(transaction), step),
        ),
      ),
    );
  }
}

async function runInPackets(connections: ConnectionProvider<Connection>, step: Step): Promise<Result> {
  let whole: Result = { rows: [], affected: 0 };
  for (const part of inPackets(step)) {
    const { rows, affected } = await run(connections, 'working', part);
    whole = { rows: [...whole.rows, ...rows], affected: whole.affected + affected };
  }
  return whole;
}

function run(connections: ConnectionProvider<Connection>, stage: Stage, step: Step): Promise<Result> {
  return withConnection(connections, stage, (connection) => runOn(connection, step));
}

/**
 * Runs a prepared statement on the connection itself: Knex would interpolate the values into the SQL, which is safe only
 * with some server settings.
 */
async function runOn(connection: Connection, step: Step): Promise<Result> {
  try {
    const answer = await execute(connection, step);
    return 'affectedRows' in answer
      ? { rows: [], affected: answer.affectedRows }
      : { rows: answer.map(rowOf), affected: answer.length };
  } catch (error) {
    // The server has undone the statement, not the transaction.
    if (codeOf(error) === DUPLICATE_KEY) return { rows: [], affected: 0 };
    throw error;
  }
}

/** Members come in column order. Asking the driver for arrays slows each call by a tenth. */
function rowOf(row: object): Row {
  return Object.values(row);
}

/** @returns the rows that it selects: none if not all of it took effect */
async function runCombined(connection: Connection, combined: Step): Promise<readonly Row[]> {
  try {
    const answer = await execute(connection, combined);
    const [selected] = Array.isArray(answer) ? (answer as readonly (readonly object[])[]) : [];
    return selected?.map(rowOf) ?? [];
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

/** A connection must not return to the pool with an open transaction: later work would join it. */
async function rollBack(connection: Connection): Promise<void> {
  try {
    await execute(connection, ROLLBACK);
  } catch {
    connection.destroy();
  }
}

const ROLLBACK: Step = { statement: { sql: 'ROLLBACK', parameters: [], columns: [] }, values: {} };

function execute(connection: Connection, step: Step): Promise<Answer> {
  return new Promise((resolve, reject) => {
    connection.execute(queryOf(connection, step.statement.sql), step.bound ?? boundValues(step), (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

/** Overrides the host's options only where they differ from the driver's defaults, since overriding costs time. */
function queryOf({ config }: Connection, sql: string): string | Query {
  const isPlain = (config?.typeCast ?? true) === true && !config?.nestTables;
  return isPlain ? sql : { sql, typeCast: true, nestTables: false };
}

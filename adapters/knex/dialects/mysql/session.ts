import { StorageUnavailableError } from 'dossier';
import { type ConnectionLender, TransactionLender, withConnection } from '../../connections/connection-provider.js';
import { codeOf } from '../../connections/faults.js';
import { inTurn } from '../../connections/keyed-mutex.js';
import { Interruption, type Session, type Stage } from '../../connections/session.js';
import { KeptConnections, type PooledConnection } from '../../connections/sticky-connections.js';
import { carryOutInTransaction } from '../../connections/transaction.js';
import type { KnexLike } from '../../knex-like.js';
import type { Plan, Result, Row, Step } from '../../sql/statement.js';
import { boundValues } from './bound-values.js';
import { inPackets } from './packets.js';

/** A connection of mysql2. */
interface Connection extends PooledConnection {
  /** Prepares a statement, once per connection, and runs it. */
  execute(sql: string | Query, values: readonly unknown[], done: (error: unknown, answer: Answer) => void): void;
  /** What the host has set for its own statements. */
  readonly config?: { readonly typeCast?: unknown; readonly nestTables?: unknown };
  destroy(): void;
}

interface Query {
  readonly sql: string;
  readonly typeCast: true;
  readonly nestTables: false;
}

/** Rows, or what became of a change; of a compound statement that answers rows, a list that begins with them. */
type Answer = readonly object[] | { readonly affectedRows: number };

const DUPLICATE_KEY = 'ER_DUP_ENTRY';
const SYNTAX_ERROR = 'ER_PARSE_ERROR';

export function sessions(): (knex: KnexLike) => Session {
  const server = { compoundStatements: true };
  return (knex) => new MySqlSession(knex, server);
}

class MySqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #lender: ConnectionLender<Connection>;
  /** What is known of the server: it is taken for MariaDB until it refuses a compound statement, as MySQL does. */
  readonly #server: { compoundStatements: boolean };

  constructor(knex: KnexLike, server: { compoundStatements: boolean }) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#lender = this.inHostTransaction ? new TransactionLender(knex) : new KeptConnections(knex.client);
    this.#server = server;
  }

  query(step: Step): Promise<Result> {
    return run(this.#lender, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return run(this.#lender, this.inHostTransaction ? 'working' : 'committing', step);
  }

  async atomically(plan: () => Plan<boolean>, combined?: Step, apart?: Step): Promise<boolean> {
    if (apart !== undefined) return this.#withAnother(plan, apart);
    if (combined !== undefined && !this.inHostTransaction && this.#server.compoundStatements) {
      try {
        return await withConnection(this.#lender, 'committing', (connection) => runCombined(connection, combined));
      } catch (error) {
        // It was not prepared, let alone run.
        if (!(error instanceof Interruption) || codeOf(error.driverError) !== SYNTAX_ERROR) throw error;
        this.#server.compoundStatements = false;
      }
    }
    return carryOutInTransaction(this.#knex, plan, (transaction, step) =>
      runInPackets(new TransactionLender(transaction), step),
    );
  }

  /**
   * On two connections. Several at once would wait for each other's second one, so they come one after the other; and the
   * other one is had first, since those that wait for the plan's locks may soon hold all that the pool has.
   */
  #withAnother(plan: () => Plan<boolean>, apart: Step): Promise<boolean> {
    if (this.#knex.client.pool?.max === 1) {
      throw new StorageUnavailableError(
        'On Galera, a schema change takes two connections. Give the pool of Knex at least two.',
      );
    }
    return inTurn(this.#knex, () =>
      withConnection(this.#lender, 'working', (other) =>
        carryOutInTransaction(this.#knex, plan, (transaction, step) =>
          step === apart ? runOn(other, step) : runInPackets(new TransactionLender(transaction), step),
        ),
      ),
    );
  }
}

async function runInPackets(lender: ConnectionLender<Connection>, step: Step): Promise<Result> {
  let whole: Result = { rows: [], affected: 0 };
  for (const part of inPackets(step)) {
    const { rows, affected } = await run(lender, 'working', part);
    whole = { rows: [...whole.rows, ...rows], affected: whole.affected + affected };
  }
  return whole;
}

function run(lender: ConnectionLender<Connection>, stage: Stage, step: Step): Promise<Result> {
  return withConnection(lender, stage, (connection) => runOn(connection, step));
}

/**
 * Runs a statement on the connection itself: Knex would have the driver write the values into the SQL text, and whether
 * that is safe hangs on the server's settings.
 */
async function runOn(connection: Connection, step: Step): Promise<Result> {
  try {
    const answer = await execute(connection, step);
    return 'affectedRows' in answer
      ? { rows: [], affected: answer.affectedRows }
      : { rows: answer.map(rowOf), affected: answer.length };
  } catch (error) {
    // Undoes the statement alone, and leaves the transaction as it was.
    if (codeOf(error) === DUPLICATE_KEY) return { rows: [], affected: 0 };
    throw error;
  }
}

/** Members come in the order of the columns. To have the driver answer lists slows each call by a tenth. */
function rowOf(answered: object): Row {
  return Object.values(answered);
}

/** Whether all of it took effect. */
async function runCombined(connection: Connection, combined: Step): Promise<boolean> {
  try {
    return Array.isArray(await execute(connection, combined));
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

/** A connection that goes back to the pool must have no transaction open: what is left of it would join the next one. */
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

/** Says how values are to be read only where the host has set something else, since to say it takes time. */
function queryOf({ config }: Connection, sql: string): string | Query {
  const isPlain = (config?.typeCast ?? true) === true && !config?.nestTables;
  return isPlain ? sql : { sql, typeCast: true, nestTables: false };
}

import { createHash } from 'node:crypto';
import {
  type ConnectionProvider,
  TransactionConnection,
  withConnection,
} from '../../connections/connection-provider.js';
import { codeOf } from '../../connections/faults.js';
import { type AtomicWork, DriverFailure, type Session, type Stage } from '../../connections/session.js';
import { type PooledConnection, StickyConnections } from '../../connections/sticky-connections.js';
import { runInTransaction } from '../../connections/transaction.js';
import type { KnexLike, TransactionConfigLike } from '../../knex-like.js';
import type { Result, Statement, Step } from '../../sql/statement.js';
import { bound, distinctParameters, textOf } from './bound-values.js';
import { faultKind, UNKNOWN_STATEMENT } from './faults.js';
import { PreparedQuery } from './prepared-query.js';

/** A connection of pg. */
interface Connection extends PooledConnection {
  query(query: PreparedQuery): unknown;
}

type Run = (connections: ConnectionProvider<Connection>, stage: Stage, step: Step) => Promise<Result>;

/** A statement as the driver takes it: each parameter has one number, however often it is used. */
interface NumberedStatement {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
}

/** The error by which a combined commit undoes itself. */
const DIVISION_BY_ZERO = '22012';

/**
 * Creates sessions that prepare each statement once per connection, under the same name.
 *
 * @param transactions the configuration of their own transactions
 */
export function sessions(transactions?: TransactionConfigLike): (knex: KnexLike) => Session {
  const numbered = new WeakMap<Statement, NumberedStatement>();

  function numberedOf(statement: Statement): NumberedStatement {
    const known = numbered.get(statement);
    if (known !== undefined) return known;
    const created = numberOf(statement);
    numbered.set(statement, created);
    return created;
  }

  function runOn(connection: Connection, step: Step): Promise<Result> {
    const statement = numberedOf(step.statement);
    const values = step.bound ?? statement.parameters.map((parameter) => bound(step, parameter));
    return runPrepared(connection, statement, values.map(textOf));
  }

  return (knex) =>
    new PostgreSqlSession(
      knex,
      (connections, stage, step) => withConnection(connections, stage, (connection) => runOn(connection, step)),
      transactions,
    );
}

function runPrepared(
  connection: Connection,
  statement: NumberedStatement,
  values: readonly (string | null)[],
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown, result?: Result) => {
      if (result !== undefined) return resolve(result);
      // Knex learns of the socket's end only later, and would use the connection once more.
      if (isUnusable(error)) connection.__knex__disposed = error;
      reject(error);
    };
    connection.query(new PreparedQuery(statement, values, settle));
  });
}

class PostgreSqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #connections: ConnectionProvider<Connection>;
  readonly #run: Run;
  readonly #transactions: TransactionConfigLike | undefined;

  constructor(knex: KnexLike, run: Run, transactions: TransactionConfigLike | undefined) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#connections = this.inHostTransaction ? new TransactionConnection(knex) : new StickyConnections(knex.client);
    this.#run = run;
    this.#transactions = transactions;
  }

  query(step: Step): Promise<Result> {
    return this.#run(this.#connections, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return this.#run(this.#connections, this.inHostTransaction ? 'working' : 'committing', step);
  }

  async atomically({ plan, combined }: AtomicWork): Promise<boolean> {
    if (combined === undefined || this.inHostTransaction) {
      return runInTransaction(
        this.#knex,
        plan,
        (transaction, step) => this.#run(new TransactionConnection(transaction), 'working', step),
        this.#transactions,
      );
    }
    try {
      return (await this.execute(combined)).affected === 1;
    } catch (error) {
      if (error instanceof DriverFailure && codeOf(error.driverError) === DIVISION_BY_ZERO) return false;
      throw error;
    }
  }
}

/**
 * The server has ended the connection, or may still send a result that nobody awaits; or it no longer has the prepared
 * statements that the driver believes it has.
 */
function isUnusable(error: unknown): boolean {
  const isFatal = typeof error === 'object' && error !== null && 'severity' in error && error.severity === 'FATAL';
  return isFatal || faultKind(error) === 'connection_lost' || codeOf(error) === UNKNOWN_STATEMENT;
}

function numberOf(statement: Statement): NumberedStatement {
  const { sql, parameters } = statement;
  const names = distinctParameters(statement);
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${names.indexOf(parameters[place++] ?? '') + 1}`);
  // The server refuses another text under the same name, so the name is derived from the text.
  const name = `dossier_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  return { name, text, parameters: names };
}

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
import { faultKind } from './faults.js';
import { PreparedQuery } from './prepared-query.js';
import { type BackendConnection, isOfName, StatementNames } from './statement-names.js';

/** A connection of pg. */
interface Connection extends PooledConnection, BackendConnection {
  query(query: PreparedQuery): unknown;
}

/** @param inTransaction whether an error would end a transaction */
type Run = (
  connections: ConnectionProvider<Connection>,
  stage: Stage,
  step: Step,
  inTransaction: boolean,
) => Promise<Result>;

/** A statement as the driver takes it: each parameter has one number, however often it is used. */
interface NumberedStatement {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
}

/** The server keeps such a statement until the next one, and never refuses it. */
const UNNAMED = '';

/** The error by which a combined commit undoes itself. */
const DIVISION_BY_ZERO = '22012';
const UNIQUE_VIOLATION = '23505';

/**
 * Creates sessions that prepare each statement once per connection, under the same name; behind a pooler that cannot keep
 * names, each time anew.
 *
 * @param transactions the configuration of their own transactions
 */
export function sessions(transactions?: TransactionConfigLike): (knex: KnexLike) => Session {
  const numbered = new WeakMap<Statement, NumberedStatement>();
  const names = new StatementNames();

  function numberedOf(statement: Statement): NumberedStatement {
    const known = numbered.get(statement);
    if (known !== undefined) return known;
    const created = numberOf(statement);
    numbered.set(statement, created);
    return created;
  }

  function runOn(connection: Connection, step: Step, named: boolean): Promise<Result> {
    const { name, text, parameters } = numberedOf(step.statement);
    const values = step.bound?.map(textOf) ?? parameters.map((parameter) => bound(step, parameter));
    return runPrepared(connection, { name: named ? name : UNNAMED, text }, values);
  }

  async function runNamed(connection: Connection, step: Step, inTransaction: boolean): Promise<Result> {
    const backendOf = async (query: Statement) =>
      (await runOn(connection, { statement: query, values: {} }, false)).rows[0]?.[0];
    if (inTransaction && (await names.isPooled(connection, backendOf))) return runOn(connection, step, false);
    try {
      return await runOn(connection, step, true);
    } catch (error) {
      if (!isOfName(error)) throw error;
      if (await names.giveUpAfter(error, connection, backendOf)) {
        // A transaction has failed by now, and is tried again as a whole.
        if (!inTransaction) return runOn(connection, step, false);
      }
      // The connection no longer has the prepared statements that the driver believes it has.
      connection.__knex__disposed = error;
      throw error;
    }
  }

  return (knex) =>
    new PostgreSqlSession(
      knex,
      (connections, stage, step, inTransaction) =>
        withConnection(connections, stage, (connection) =>
          names.used ? runNamed(connection, step, inTransaction) : runOn(connection, step, false),
        ),
      transactions,
    );
}

function runPrepared(
  connection: Connection,
  statement: Pick<NumberedStatement, 'name' | 'text'>,
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
  readonly combines = true;
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
    return this.#run(this.#connections, 'working', step, this.inHostTransaction);
  }

  execute(step: Step): Promise<Result> {
    return this.#run(
      this.#connections,
      this.inHostTransaction ? 'working' : 'committing',
      step,
      this.inHostTransaction,
    );
  }

  async atomically({ plan, combined, mayCollide, receive }: AtomicWork): Promise<boolean> {
    if (combined === undefined || this.inHostTransaction) {
      return runInTransaction(
        this.#knex,
        plan,
        (transaction, step) => this.#run(new TransactionConnection(transaction), 'working', step, true),
        this.#transactions,
      );
    }
    try {
      const { rows, affected } = await this.execute(combined);
      receive?.(rows);
      return affected === 1;
    } catch (error) {
      const code = error instanceof DriverFailure ? codeOf(error.driverError) : undefined;
      if (code === DIVISION_BY_ZERO || (mayCollide && code === UNIQUE_VIOLATION)) return false;
      throw error;
    }
  }
}

/** The server has ended the connection, or may still send a result that nobody awaits. */
function isUnusable(error: unknown): boolean {
  const isFatal = typeof error === 'object' && error !== null && 'severity' in error && error.severity === 'FATAL';
  return isFatal || faultKind(error) === 'connection_lost';
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

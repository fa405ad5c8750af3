import { createHash } from 'node:crypto';
import { type ConnectionLender, TransactionLender, withConnection } from '../../connections/connection-provider.js';
import { codeOf } from '../../connections/faults.js';
import { Interruption, type Session, type Stage } from '../../connections/session.js';
import { KeptConnections, type PooledConnection } from '../../connections/sticky-connections.js';
import { carryOutInTransaction } from '../../connections/transaction.js';
import type { KnexLike, TransactionConfigLike } from '../../knex-like.js';
import type { Plan, Result, Statement, Step } from '../../sql/statement.js';
import { bound, distinctParameters, textOf } from './bound-values.js';
import { FORGOTTEN_STATEMENT, faultKind } from './faults.js';
import { PreparedQuery } from './prepared-query.js';

/** A connection of pg. */
interface Connection extends PooledConnection {
  query(query: PreparedQuery): unknown;
}

type Run = (lender: ConnectionLender<Connection>, stage: Stage, step: Step) => Promise<Result>;

/** A statement as the driver takes it: each parameter has a number, however often it stands in the text. */
interface NumberedStatement {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
}

/** By which a combined commit undoes itself. */
const DIVISION_BY_ZERO = '22012';

/**
 * Makes sessions that prepare each statement once per connection, under the same name.
 *
 * @param transactions how they begin transactions of their own
 */
export function sessions(transactions?: TransactionConfigLike): (knex: KnexLike) => Session {
  const numbered = new WeakMap<Statement, NumberedStatement>();

  function numberedOf(statement: Statement): NumberedStatement {
    const known = numbered.get(statement);
    if (known !== undefined) return known;
    const made = numberOf(statement);
    numbered.set(statement, made);
    return made;
  }

  function runOn(connection: Connection, step: Step): Promise<Result> {
    const statement = numberedOf(step.statement);
    const values = step.bound ?? statement.parameters.map((parameter) => bound(step, parameter));
    return runPrepared(connection, statement, values.map(textOf));
  }

  return (knex) =>
    new PostgreSqlSession(
      knex,
      (lender, stage, step) => withConnection(lender, stage, (connection) => runOn(connection, step)),
      transactions,
    );
}

function runPrepared(
  connection: Connection,
  statement: NumberedStatement,
  values: readonly (string | null)[],
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const answered = (error: unknown, result?: Result) => {
      if (result !== undefined) return resolve(result);
      // Knex is told of the socket's end only later, and would lend the connection once more.
      if (isUnusable(error)) connection.__knex__disposed = error;
      reject(error);
    };
    connection.query(new PreparedQuery(statement, values, answered));
  });
}

class PostgreSqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #lender: ConnectionLender<Connection>;
  readonly #run: Run;
  readonly #transactions: TransactionConfigLike | undefined;

  constructor(knex: KnexLike, run: Run, transactions: TransactionConfigLike | undefined) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#lender = this.inHostTransaction ? new TransactionLender(knex) : new KeptConnections(knex.client);
    this.#run = run;
    this.#transactions = transactions;
  }

  query(step: Step): Promise<Result> {
    return this.#run(this.#lender, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return this.#run(this.#lender, this.inHostTransaction ? 'working' : 'committing', step);
  }

  async atomically(plan: () => Plan<boolean>, combined?: Step): Promise<boolean> {
    if (combined === undefined || this.inHostTransaction) {
      return carryOutInTransaction(
        this.#knex,
        plan,
        (transaction, step) => this.#run(new TransactionLender(transaction), 'working', step),
        this.#transactions,
      );
    }
    try {
      return (await this.execute(combined)).affected === 1;
    } catch (error) {
      if (error instanceof Interruption && codeOf(error.driverError) === DIVISION_BY_ZERO) return false;
      throw error;
    }
  }
}

/**
 * The server has ended the connection, or may still answer what nobody waits for any more; or it has forgotten statements
 * that the driver takes for prepared.
 */
function isUnusable(error: unknown): boolean {
  const isFatal = typeof error === 'object' && error !== null && 'severity' in error && error.severity === 'FATAL';
  return isFatal || faultKind(error) === 'lost' || codeOf(error) === FORGOTTEN_STATEMENT;
}

function numberOf(statement: Statement): NumberedStatement {
  const { sql, parameters } = statement;
  const names = distinctParameters(statement);
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${names.indexOf(parameters[place++] ?? '') + 1}`);
  // Another text under the same name would be refused, so the name follows from the text.
  const name = `dossier_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  return { name, text, parameters: names };
}

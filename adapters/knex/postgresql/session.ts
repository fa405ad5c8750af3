import { createHash } from 'node:crypto';
import { withConnection } from '../borrowed-connection.js';
import { codeOf } from '../fault.js';
import type { KnexLike } from '../knex-like.js';
import { Interruption, type Session, type Stage } from '../session.js';
import type { Plan, Result, Row, Statement, Step } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';
import { bound, distinctParameters } from './bound-values.js';
import { faultKind } from './faults.js';

/** A connection of pg. */
interface Connection {
  /** Prepares a statement, once per connection and name, and runs it. */
  query(query: { readonly name: string; readonly text: string; readonly values: readonly unknown[] }): Promise<Answer>;
  /** Set to have Knex drop the connection: it is told of the socket's end only later, and would lend it once more. */
  __knex__disposed?: unknown;
}

interface Answer {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

type Run = (knex: KnexLike, stage: Stage, step: Step) => Promise<Result>;

/** A statement as the driver takes it: each parameter has a number, however often it stands in the text. */
interface NumberedStatement {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
}

/** By which a combined commit undoes itself. */
const DIVISION_BY_ZERO = '22012';

/** Makes sessions that prepare each statement once per connection, under the same name. */
export function sessions(): (knex: KnexLike) => Session {
  const numbered = new WeakMap<Statement, NumberedStatement>();

  const run: Run = (knex, stage, step) =>
    withConnection(knex, stage, async (connection: Connection) => {
      const statement = numbered.get(step.statement) ?? numberOf(step.statement);
      numbered.set(step.statement, statement);
      const { name, text, parameters } = statement;
      const values = step.bound ?? parameters.map((parameter) => bound(step, parameter));
      try {
        const { rows, rowCount } = await connection.query({ name, text, values });
        return { rows, affected: rowCount ?? 0 };
      } catch (error) {
        if (isUnusable(error)) connection.__knex__disposed = error;
        throw error;
      }
    });

  return (knex) => new PostgreSqlSession(knex, run);
}

class PostgreSqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #run: Run;

  constructor(knex: KnexLike, run: Run) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#run = run;
  }

  query(step: Step): Promise<Result> {
    return this.#run(this.#knex, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return this.#run(this.#knex, this.inHostTransaction ? 'working' : 'committing', step);
  }

  async atomically(plan: () => Plan<boolean>, combined?: Step): Promise<boolean> {
    if (combined === undefined || this.inHostTransaction) {
      return carryOutInTransaction(this.#knex, plan, (transaction, step) => this.#run(transaction, 'working', step));
    }
    try {
      return (await this.execute(combined)).affected === 1;
    } catch (error) {
      if (error instanceof Interruption && codeOf(error.driverError) === DIVISION_BY_ZERO) return false;
      throw error;
    }
  }
}

/** The server has ended the connection, or may still answer what nobody waits for any more. */
function isUnusable(error: unknown): boolean {
  const isFatal = typeof error === 'object' && error !== null && 'severity' in error && error.severity === 'FATAL';
  return isFatal || faultKind(error) === 'lost';
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

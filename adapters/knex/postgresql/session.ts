import { createHash } from 'node:crypto';
import { withConnection } from '../borrowed-connection.js';
import { codeOf } from '../fault.js';
import type { KnexLike } from '../knex-like.js';
import { Interruption, type Session, type Stage } from '../session.js';
import type { Plan, Result, Row, Statement, Step, Value } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';
import { columnOf, scalar } from './batch.js';

/** A connection of pg. */
interface Connection {
  /** Prepares a statement, once per connection and name, and runs it. */
  query(query: { readonly name: string; readonly text: string; readonly values: readonly Bound[] }): Promise<Answer>;
}

type Bound = string | number | null | (string | number | null)[];

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
      const { rows, rowCount } = await connection.query({
        name,
        text,
        values: parameters.map((one) => bound(one, step)),
      });
      return { rows, affected: rowCount ?? 0 };
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

function numberOf({ sql, parameters }: Statement): NumberedStatement {
  const names = [...new Set(parameters)];
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${names.indexOf(parameters[place++] ?? '') + 1}`);
  // Another text under the same name would be refused, so the name follows from the text.
  const name = `dossier_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  return { name, text, parameters: names };
}

function bound(name: string, step: Step): Bound {
  if (step.rows !== undefined && step.statement.columns.includes(name)) return columnOf(step, name);
  const value = step.values[name];
  return isList(value) ? [...value] : scalar(value);
}

function isList(value: Value): value is readonly (string | number | null)[] {
  return Array.isArray(value);
}

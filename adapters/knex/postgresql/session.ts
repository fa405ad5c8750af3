import { createHash } from 'node:crypto';
import { withConnection } from '../borrowed-connection.js';
import type { KnexLike } from '../knex-like.js';
import type { Session, Stage } from '../session.js';
import type { Plan, Result, Row, Statement, Step, Value } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';

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

  atomically(plan: () => Plan<boolean>): Promise<boolean> {
    return carryOutInTransaction(this.#knex, plan, (transaction, step) => this.#run(transaction, 'working', step));
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

/** Rows are bound as one array per column. */
function bound(name: string, { statement, values, rows }: Step): Bound {
  if (rows !== undefined && statement.columns.includes(name)) return rows.map((row) => scalar(row[name]));
  const value = values[name];
  return isList(value) ? [...value] : scalar(value);
}

function scalar(value: Value): string | number | null {
  return value === undefined || isList(value) ? null : value;
}

function isList(value: Value): value is readonly (string | number | null)[] {
  return Array.isArray(value);
}

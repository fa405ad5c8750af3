import { createHash } from 'node:crypto';
import { withConnection } from '../borrowed-connection.js';
import type { KnexLike, RawBinding } from '../knex-like.js';
import type { Session, Stage } from '../session.js';
import type { Plan, Result, Row, Statement, Step, Value } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';

/** What Knex answers to a raw statement. */
interface Answer {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

type Run = (knex: KnexLike, stage: Stage, step: Step) => Promise<Result>;

/** Makes sessions that prepare each statement once per connection, under the same name. */
export function sessions(): (knex: KnexLike) => Session {
  const names = new WeakMap<Statement, string>();

  function nameOf(statement: Statement): string {
    const name = names.get(statement) ?? `dossier_${digestOf(statement.sql)}`;
    names.set(statement, name);
    return name;
  }

  const run: Run = (knex, stage, step) =>
    withConnection(knex, stage, async (connection) => {
      const raw = knex.raw(step.statement.sql, bindingsOf(step)).options({ name: nameOf(step.statement) });
      const { rows, rowCount } = (await raw.connection(connection)) as Answer;
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

/** Another statement under the same name would be refused, so the name follows from the text. */
function digestOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 32);
}

/** Rows are bound as one array per column. */
function bindingsOf({ statement, values, rows }: Step): RawBinding[] {
  return statement.parameters.map((name) => {
    if (rows !== undefined && statement.columns.includes(name)) return rows.map((row) => scalar(row[name]));
    const value = values[name];
    return isList(value) ? [...value] : scalar(value);
  });
}

function scalar(value: Value): string | number | null {
  return value === undefined || isList(value) ? null : value;
}

function isList(value: Value): value is readonly (string | number | null)[] {
  return Array.isArray(value);
}

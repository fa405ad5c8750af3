import { createHash } from 'node:crypto';
import type { KnexLike, RawBinding } from '../knex-like.js';
import { Interruption, type Session } from '../session.js';
import type { Plan, Result, Row, Statement, Step, Value } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';

/** Makes sessions that prepare each statement once per connection, under the same name. */
export function sessions(): (knex: KnexLike) => Session {
  const names = new WeakMap<Statement, string>();

  function nameOf(statement: Statement): string {
    const known =
      names.get(statement) ?? `dossier_${createHash('sha256').update(statement.sql).digest('hex').slice(0, 32)}`;
    names.set(statement, known);
    return known;
  }

  async function run(knex: KnexLike, step: Step): Promise<Result> {
    const answer = await knex.raw(step.statement.sql, bindingsOf(step)).options({ name: nameOf(step.statement) });
    const { rows, rowCount } = answer as { readonly rows: readonly Row[]; readonly rowCount: number | null };
    return { rows, affected: rowCount ?? 0 };
  }

  return (knex) => new PostgreSqlSession(knex, run);
}

class PostgreSqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #run: (knex: KnexLike, step: Step) => Promise<Result>;

  constructor(knex: KnexLike, run: (knex: KnexLike, step: Step) => Promise<Result>) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#run = run;
  }

  query(step: Step): Promise<Result> {
    return this.#interruptible(false, step);
  }

  execute(step: Step): Promise<Result> {
    return this.#interruptible(!this.inHostTransaction, step);
  }

  atomically(plan: () => Plan<boolean>): Promise<boolean> {
    return carryOutInTransaction(this.#knex, plan, this.#run);
  }

  async #interruptible(sendsChange: boolean, step: Step): Promise<Result> {
    try {
      return await this.#run(this.#knex, step);
    } catch (error) {
      throw new Interruption(error, sendsChange);
    }
  }
}

/** Lists of rows are bound as one array per column. */
function bindingsOf({ statement, values, rows }: Step): RawBinding[] {
  return statement.parameters.map((name) => {
    const value =
      rows !== undefined && statement.columns.includes(name) ? rows.map((row) => scalar(row[name])) : values[name];
    return Array.isArray(value) ? value : scalar(value);
  });
}

function scalar(value: Value): string | number | null {
  return typeof value === 'object' ? null : (value ?? null);
}

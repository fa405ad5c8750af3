import { withConnection } from '../borrowed-connection.js';
import type { KnexLike } from '../knex-like.js';
import type { Session, Stage } from '../session.js';
import type { Plan, Result, Row, Step, Value } from '../statement.js';
import { carryOutInTransaction } from '../transaction.js';

/** A connection of mysql2. */
interface Connection {
  /** Prepares a statement, once per connection, and runs it. */
  execute(
    sql: string,
    values: readonly (string | number | null)[],
    done: (error: unknown, answer: Answer) => void,
  ): void;
}

/** Rows, or what became of a change. */
type Answer = readonly Row[] | { readonly affectedRows: number };

const DUPLICATE_KEY = 1062;

export function sessions(): (knex: KnexLike) => Session {
  return (knex) => new MySqlSession(knex);
}

class MySqlSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;

  constructor(knex: KnexLike) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
  }

  query(step: Step): Promise<Result> {
    return runOn(this.#knex, 'working', step);
  }

  execute(step: Step): Promise<Result> {
    return runOn(this.#knex, this.inHostTransaction ? 'working' : 'committing', step);
  }

  atomically(plan: () => Plan<boolean>): Promise<boolean> {
    return carryOutInTransaction(this.#knex, plan, (transaction, step) => runOn(transaction, 'working', step));
  }
}

/**
 * Runs a statement on the connection itself: Knex would have the driver write the values into the SQL text, and whether
 * that is safe hangs on the server's settings.
 */
function runOn(knex: KnexLike, stage: Stage, step: Step): Promise<Result> {
  return withConnection(knex, stage, (connection: Connection) => run(connection, step));
}

async function run(connection: Connection, step: Step): Promise<Result> {
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      connection.execute(step.statement.sql, valuesOf(step), (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
    return 'affectedRows' in answer
      ? { rows: [], affected: answer.affectedRows }
      : { rows: answer, affected: answer.length };
  } catch (error) {
    // Undoes the statement alone, and leaves the transaction as it was.
    if (isDuplicateKey(error)) return { rows: [], affected: 0 };
    throw error;
  }
}

function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errno' in error && error.errno === DUPLICATE_KEY;
}

/** Rows, like all lists, are bound as one JSON text. */
function valuesOf({ statement, values, rows }: Step): (string | number | null)[] {
  return statement.parameters.map((name) => {
    if (name !== 'rows') return bound(values[name]);
    return JSON.stringify(rows?.map((row) => statement.columns.map((column) => row[column] ?? null)));
  });
}

function bound(value: Value): string | number | null {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}

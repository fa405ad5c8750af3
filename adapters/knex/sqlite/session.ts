import { withConnection } from '../borrowed-connection.js';
import type { KnexLike } from '../knex-like.js';
import { Interruption, type Session } from '../session.js';
import type { Plan, Result, Statement, Step, Value } from '../statement.js';

/** A connection of better-sqlite3. */
interface Database {
  /** Whether a transaction is open: only ever one of the host, when a connection is lent. */
  readonly inTransaction: boolean;
  prepare(sql: string): PreparedStatement;
  exec(sql: string): unknown;
}

interface PreparedStatement {
  /** Whether it answers rows. */
  readonly reader: boolean;
  all(values: unknown[]): Record<string, unknown>[];
  run(values: unknown[]): { changes: number };
}

/** Makes sessions that share prepared statements, which live as long as their connection. */
export function sessions(): (knex: KnexLike) => Session {
  const prepared = new WeakMap<Database, Map<Statement, PreparedStatement>>();

  function prepare(database: Database, statement: Statement): PreparedStatement {
    const known = prepared.get(database) ?? new Map<Statement, PreparedStatement>();
    prepared.set(database, known);
    const made = known.get(statement) ?? database.prepare(statement.sql);
    known.set(statement, made);
    return made;
  }

  return (knex) => new SqliteSession(knex, (database, step) => runStep(prepare(database, step.statement), step));
}

/**
 * Runs everything that belongs together in one turn of the event loop. Otherwise a second connection of the same
 * process would wait for the lock of the first, block the event loop by waiting, and so keep the first from going on.
 */
class SqliteSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #knex: KnexLike;
  readonly #run: (database: Database, step: Step) => Result;

  constructor(knex: KnexLike, run: (database: Database, step: Step) => Result) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#knex = knex;
    this.#run = run;
  }

  query(step: Step): Promise<Result> {
    return withConnection(this.#knex, (database: Database) => interruptible(false, () => this.#run(database, step)));
  }

  execute(step: Step): Promise<Result> {
    const sent = !this.inHostTransaction;
    return withConnection(this.#knex, (database: Database) => interruptible(sent, () => this.#run(database, step)));
  }

  atomically(plan: () => Plan<boolean>): Promise<boolean> {
    return withConnection(this.#knex, (database: Database) => {
      // A transaction that began by reading could not write any more once another process has written.
      const [begin, commit, undo] = database.inTransaction
        ? ['SAVEPOINT dossier', 'RELEASE dossier', 'ROLLBACK TO dossier; RELEASE dossier']
        : ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'];
      interruptible(false, () => database.exec(begin));
      let committed = false;
      try {
        if (this.#carryOut(database, plan())) {
          interruptible(!this.inHostTransaction, () => database.exec(commit));
          committed = true;
        }
        return committed;
      } finally {
        // After some faults SQLite has rolled back by itself.
        if (!committed && database.inTransaction) database.exec(undo);
      }
    });
  }

  #carryOut(database: Database, plan: Plan<boolean>): boolean {
    let next = plan.next();
    while (!next.done) {
      const step = next.value;
      next = plan.next(interruptible(false, () => this.#run(database, step)));
    }
    return next.value;
  }
}

function interruptible<T>(sendsChange: boolean, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Interruption(error, sendsChange);
  }
}

/** Runs a statement once for each of its rows. */
function runStep(statement: PreparedStatement, step: Step): Result {
  const { parameters } = step.statement;
  const rows: Record<string, unknown>[] = [];
  let affected = 0;
  for (const row of step.rows ?? [{}]) {
    const values = parameters.map((name) => bound(name in row ? row[name] : step.values[name]));
    if (statement.reader) {
      const answered = statement.all(values);
      rows.push(...answered);
      affected += answered.length;
    } else {
      affected += statement.run(values).changes;
    }
  }
  return { rows, affected };
}

function bound(value: Value): string | number | null {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}

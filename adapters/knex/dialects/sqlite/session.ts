import { type ConnectionLender, TransactionLender, withConnection } from '../../connections/connection-provider.js';
import { Interruption, type Session, type Stage } from '../../connections/session.js';
import { OneTurnLoan } from '../../connections/tick-scoped-connection.js';
import type { KnexLike } from '../../knex-like.js';
import type { Plan, Result, Row, Statement, Step, Value } from '../../sql/statement.js';

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
  /** Has it answer rows as lists of values. */
  raw(): unknown;
  all(bindings: readonly unknown[]): unknown[][];
  run(bindings: readonly unknown[]): { changes: number };
}

/** Makes sessions that share prepared statements, which live as long as their connection. */
export function sessions(): (knex: KnexLike) => Session {
  const prepared = new WeakMap<Database, Map<Statement, PreparedStatement>>();

  function prepare(database: Database, statement: Statement): PreparedStatement {
    const known = prepared.get(database) ?? new Map<Statement, PreparedStatement>();
    prepared.set(database, known);
    const made = known.get(statement);
    if (made) return made;
    const fresh = database.prepare(statement.sql);
    if (fresh.reader) fresh.raw();
    known.set(statement, fresh);
    return fresh;
  }

  return (knex) => new SqliteSession(knex, (database, step) => runStep(prepare(database, step.statement), step));
}

/**
 * Prepares statements on the connection itself, since Knex would prepare them anew each time, and runs everything that
 * belongs together in one turn of the event loop. Otherwise a second connection of the same
 * process would wait for the lock of the first, block the event loop by waiting, and so keep the first from going on.
 */
class SqliteSession implements Session {
  readonly inHostTransaction: boolean;
  readonly #lender: ConnectionLender<Database>;
  readonly #lastStage: Stage;
  readonly #run: (database: Database, step: Step) => Result;

  constructor(knex: KnexLike, run: (database: Database, step: Step) => Result) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#lender = this.inHostTransaction ? new TransactionLender(knex) : new OneTurnLoan(knex.client);
    this.#lastStage = this.inHostTransaction ? 'working' : 'committing';
    this.#run = run;
  }

  query(step: Step): Promise<Result> {
    return withConnection(this.#lender, 'working', (database) => this.#run(database, step));
  }

  execute(step: Step): Promise<Result> {
    return withConnection(this.#lender, this.#lastStage, (database) => this.#run(database, step));
  }

  atomically(plan: () => Plan<boolean>): Promise<boolean> {
    return withConnection(this.#lender, 'working', (database) => {
      // A transaction that began by reading could not write any more once another process has written.
      const [begin, commit, undo] = database.inTransaction
        ? ['SAVEPOINT dossier', 'RELEASE dossier', 'ROLLBACK TO dossier; RELEASE dossier']
        : ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'];
      database.exec(begin);
      let committed = false;
      try {
        if (carryOut(plan(), (step) => this.#run(database, step))) {
          this.#commit(() => database.exec(commit));
          committed = true;
        }
        return committed;
      } finally {
        // After some faults SQLite has rolled back by itself.
        if (!committed && database.inTransaction) database.exec(undo);
      }
    });
  }

  #commit(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw new Interruption(error, this.#lastStage);
    }
  }
}

function carryOut(plan: Plan<boolean>, run: (step: Step) => Result): boolean {
  let next = plan.next();
  while (!next.done) next = plan.next(run(next.value));
  return next.value;
}

/** Runs a statement once, or once for each of its rows. */
function runStep(prepared: PreparedStatement, { statement, values, rows }: Step): Result {
  const { parameters, columns } = statement;
  const bindings: unknown[] = parameters.map((name) => bound(values[name]));
  if (rows === undefined) return run(prepared, bindings);
  const answered: Row[] = [];
  let affected = 0;
  const places = parameters.map((name, place) => ({ name, place })).filter(({ name }) => columns.includes(name));
  for (const row of rows) {
    for (const { name, place } of places) bindings[place] = bound(row[name]);
    const result = run(prepared, bindings);
    answered.push(...result.rows);
    affected += result.affected;
  }
  return { rows: answered, affected };
}

function run(prepared: PreparedStatement, bindings: readonly unknown[]): Result {
  if (!prepared.reader) return { rows: NONE, affected: prepared.run(bindings).changes };
  const rows = prepared.all(bindings);
  return { rows, affected: rows.length };
}

const NONE: readonly Row[] = [];

function bound(value: Value): string | number | null {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}

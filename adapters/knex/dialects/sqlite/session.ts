import {
  type ConnectionProvider,
  TransactionConnection,
  withConnection,
} from '../../connections/connection-provider.js';
import { type AtomicWork, DriverFailure, type Session, type Stage } from '../../connections/session.js';
import { TickScopedConnection } from '../../connections/tick-scoped-connection.js';
import type { KnexLike } from '../../knex-like.js';
import {
  type Plan,
  type Result,
  type Row,
  type Statement,
  type Step,
  statement,
  type Value,
} from '../../sql/statement.js';
import { withoutBlocking } from './lock-waits.js';

/** A connection of better-sqlite3. */
interface Database {
  readonly open: boolean;
  /** Whether a transaction is open: only ever one of the host, when the connection is acquired. */
  readonly inTransaction: boolean;
  prepare(sql: string): PreparedStatement;
  exec(sql: string): unknown;
  pragma(source: string, options: { readonly simple: true }): unknown;
}

interface PreparedStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  /** Makes it return rows as arrays. */
  raw(): unknown;
  all(bindings: readonly unknown[]): unknown[][];
  run(bindings: readonly unknown[]): { changes: number };
}

type Prepare = (database: Database, statement: Statement) => PreparedStatement;

/** Creates sessions that share prepared statements, which live as long as their connection. */
export function sessions(): (knex: KnexLike) => Session {
  const caches = new WeakMap<Database, Map<Statement, PreparedStatement>>();

  function prepare(database: Database, statement: Statement): PreparedStatement {
    const cache = caches.get(database) ?? new Map<Statement, PreparedStatement>();
    caches.set(database, cache);
    const cached = cache.get(statement);
    if (cached) return cached;
    const prepared = database.prepare(statement.sql);
    if (prepared.reader) prepared.raw();
    cache.set(statement, prepared);
    return prepared;
  }

  return (knex) => new SqliteSession(knex, prepare);
}

/**
 * Prepares statements on the connection itself, since Knex would prepare them again each time, and runs a whole plan in
 * one turn of the event loop. Otherwise a second connection of the same process would wait for the first one's lock,
 * block the event loop by waiting, and so keep the first from releasing it.
 */
class SqliteSession implements Session {
  readonly inHostTransaction: boolean;
  readonly combines = false;
  readonly #connections: ConnectionProvider<Database>;
  readonly #lastStage: Stage;
  readonly #prepare: Prepare;

  constructor(knex: KnexLike, prepare: Prepare) {
    this.inHostTransaction = knex.isTransaction === true;
    this.#connections = this.inHostTransaction
      ? new TransactionConnection(knex)
      : new TickScopedConnection<Database>(knex.client, withoutBlocking);
    this.#lastStage = this.inHostTransaction ? 'working' : 'committing';
    this.#prepare = prepare;
  }

  query(step: Step): Promise<Result> {
    return withConnection(this.#connections, 'working', (database) =>
      runStep(this.#prepare(database, step.statement), step),
    );
  }

  execute(step: Step): Promise<Result> {
    return withConnection(this.#connections, this.#lastStage, (database) =>
      runStep(this.#prepare(database, step.statement), step),
    );
  }

  atomically({ plan }: AtomicWork): Promise<boolean> {
    return withConnection(this.#connections, 'working', (database) => {
      const { begin, commit, rollBack } = database.inTransaction ? SAVEPOINT : TRANSACTION;
      const exec = (statements: readonly Statement[]) => {
        for (const statement of statements) this.#prepare(database, statement).run([]);
      };
      exec(begin);
      let committed = false;
      try {
        if (runPlan(plan(), (step) => runStep(this.#prepare(database, step.statement), step))) {
          this.#commit(() => exec(commit));
          committed = true;
        }
        return committed;
      } finally {
        // After some faults SQLite has already rolled back.
        if (!committed && database.inTransaction) exec(rollBack);
      }
    });
  }

  #commit(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw new DriverFailure(error, this.#lastStage);
    }
  }
}

interface TransactionControl {
  readonly begin: readonly Statement[];
  readonly commit: readonly Statement[];
  readonly rollBack: readonly Statement[];
}

/** IMMEDIATE: a transaction that began by reading could not write once another process has written. */
const TRANSACTION: TransactionControl = {
  begin: [statement('BEGIN IMMEDIATE')],
  commit: [statement('COMMIT')],
  rollBack: [statement('ROLLBACK')],
};

const SAVEPOINT: TransactionControl = {
  begin: [statement('SAVEPOINT dossier')],
  commit: [statement('RELEASE dossier')],
  rollBack: [statement('ROLLBACK TO dossier'), statement('RELEASE dossier')],
};

function runPlan(plan: Plan<boolean>, run: (step: Step) => Result): boolean {
  let next = plan.next();
  while (!next.done) next = plan.next(run(next.value));
  return next.value;
}

/** Runs a statement once, or once per row. */
function runStep(prepared: PreparedStatement, { statement, values, rows }: Step): Result {
  const { parameters, columns } = statement;
  const bindings: unknown[] = [];
  const [first] = rows ?? [];
  for (const name of parameters) bindings.push(bound(first && columns.includes(name) ? first[name] : values[name]));
  if (rows === undefined || rows.length === 1) return run(prepared, bindings);
  const returned: Row[] = [];
  let affected = 0;
  const places = parameters.map((name, place) => ({ name, place })).filter(({ name }) => columns.includes(name));
  for (const row of rows) {
    for (const { name, place } of places) bindings[place] = bound(row[name]);
    const result = run(prepared, bindings);
    returned.push(...result.rows);
    affected += result.affected;
  }
  return { rows: returned, affected };
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

import { StorageUnavailableError } from 'dossier';
import { assertSettings } from '../connections/requirements.js';
import { type Database, openDatabase } from '../database.js';
import type { KnexLike } from '../knex-like.js';
import { type Plan, type Step, statement, type Values } from '../sql/statement.js';
import type { TableOptions } from '../sql/tables.js';
import { checkMigrations } from './check-migrations.js';
import { type GuardedStatement, recordedMigrations, recordMigration } from './migration.js';
import { assertCompatible, migrationStatus } from './migration-status.js';

/**
 * Creates the tables, or migrates them to this version of the package. Several processes may do so at the same time.
 * Records what it did in a table of its own, not in `knex_migrations`.
 *
 * Needs the privilege to create tables, unless there is nothing to do; without it, see `migrationSql`. Atomic on PostgreSQL
 * and SQLite; on MySQL and MariaDB each change of a table commits the transaction, even one of the host.
 *
 * ```ts
 * await migrate(knex);
 * ```
 *
 * @returns the names of the migrations that it ran; empty if there was nothing to do
 * @throws InvalidOptionsError with all problems at once
 * @throws StorageUnavailableError also when a newer version of the package has made a breaking migration, or when the
 *   database or its connections have settings that would change values
 */
export async function migrate(knex: KnexLike, options: TableOptions = {}): Promise<string[]> {
  const database = openDatabase(knex, options);
  const session = database.sessionOf(knex);
  await assertSettings(session, database.statements.settings);
  const status = await checkMigrations(knex, options);
  assertCompatible(status);
  // Even `IF NOT EXISTS` needs the privilege to create tables.
  if (status.ready) return [];
  let ran: string[] = [];
  await session.atomically({
    *plan() {
      ran = yield* underLock(database);
      return true;
    },
  });
  return ran;
}

function* underLock(database: Database): Plan<string[]> {
  const { acquire, release } = database.dialect.migrationLock;
  const values = { name: database.tables.lockName };
  if (acquire) {
    const { rows } = yield step(acquire, values);
    if (Number(rows[0]?.[0]) !== 1) {
      throw new StorageUnavailableError('Another process holds the migration lock. Try again when it has finished.');
    }
  }
  try {
    return yield* runPending(database);
  } finally {
    if (release) yield step(release, values);
  }
}

function* runPending({ dialect, tables, migrations }: Database): Plan<string[]> {
  for (const text of dialect.bookkeeping(tables)) yield step(text);
  const { rows } = yield step(recordedMigrations(tables));
  const status = migrationStatus(migrations, rows);
  assertCompatible(status);
  for (const migration of migrations) {
    if (!status.pending.includes(migration.name)) continue;
    for (const statement of migration.statements) yield* runUnlessDone(statement);
    yield step(recordMigration(tables, migration));
  }
  return [...status.pending];
}

function* runUnlessDone(statement: string | GuardedStatement): Plan<void> {
  if (typeof statement === 'string') {
    yield step(statement);
    return;
  }
  if (yield* hasRun(statement)) return;
  try {
    yield step(statement.text);
  } catch (error) {
    // On Galera, whose lock holds on one node only, another node may have run it meanwhile.
    if (!(yield* hasRun(statement))) throw error;
  }
}

function* hasRun({ hasRun: query }: GuardedStatement): Plan<boolean> {
  const { rows } = yield step(query);
  return Number(rows[0]?.[0]) > 0;
}

function step(text: string, values: Values = {}): Step {
  return { statement: statement(text), values };
}

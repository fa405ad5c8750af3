import { StorageUnavailableError } from 'dossier';
import { assertSettings } from '../connections/requirements.js';
import { type Database, openDatabase } from '../database.js';
import type { KnexLike } from '../knex-like.js';
import { type Plan, type Step, statement, type Values } from '../sql/statement.js';
import type { TableOptions } from '../sql/tables.js';
import { recordedMigrations, recordMigration } from './bookkeeping.js';
import { checkMigrations } from './check-migrations.js';
import { assertCompatible, migrationStatus } from './migration-status.js';

/**
 * Makes the tables, or brings them up to what this version of the package needs, and answers the names of the migrations
 * that it ran: none when there was nothing to do. Several processes may do so at the same time. The bookkeeping is in a
 * table of its own, apart from `knex_migrations`.
 *
 * It needs the right to create tables when there is something to do; without it, see `migrationSql`. On PostgreSQL and SQLite, all happens or nothing;
 * MySQL and MariaDB end a transaction with each change of a table, also one of the host.
 *
 * ```ts
 * await migrate(knex);
 * ```
 *
 * @throws InvalidOptionsError with all problems at once
 * @throws StorageUnavailableError also when a newer version has changed the tables in a way that this one cannot work with,
 *   or when settings of the database or its connections would not keep values as they are
 */
export async function migrate(knex: KnexLike, options: TableOptions = {}): Promise<string[]> {
  const database = openDatabase(knex, options);
  const session = database.sessionOf(knex);
  await assertSettings(session, database.statements.settings);
  const status = await checkMigrations(knex, options);
  assertCompatible(status);
  // To ask for a table that is there already takes the right to create it.
  if (status.ready) return [];
  let ran: string[] = [];
  await session.atomically(function* () {
    ran = yield* underLock(database);
    return true;
  });
  return ran;
}

function* underLock(database: Database): Plan<string[]> {
  const { acquire, release } = database.dialect.migrationLock;
  const values = { name: database.tables.lockName };
  if (acquire) {
    const { rows } = yield step(acquire, values);
    if (Number(rows[0]?.[0]) !== 1) {
      throw new StorageUnavailableError('Another process has been migrating the tables for a long time. Try again.');
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
    for (const text of migration.statements) yield step(text);
    yield step(recordMigration(tables, migration));
  }
  return [...status.pending];
}

function step(text: string, values: Values = {}): Step {
  return { statement: statement(text), values };
}

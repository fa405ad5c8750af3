import { openDatabase } from '../database.js';
import type { KnexLike } from '../knex-like.js';
import { type Row, statement } from '../sql/statement.js';
import type { TableOptions } from '../sql/tables.js';
import { recordedMigrations } from './migration.js';
import { type MigrationStatus, migrationStatus } from './migration-status.js';

/**
 * Checks whether the tables are migrated to this version of the package. Changes nothing.
 *
 * ```ts
 * const { ready, pending } = await checkMigrations(knex);
 * if (!ready) throw new Error(`Run the migrations ${pending.join(', ')} first.`);
 * ```
 *
 * @throws InvalidOptionsError with all problems at once
 * @throws StorageUnavailableError
 */
export async function checkMigrations(knex: KnexLike, options: TableOptions = {}): Promise<MigrationStatus> {
  const { dialect, tables, migrations, sessionOf } = openDatabase(knex, options);
  const session = sessionOf(knex);
  const query = async (text: string): Promise<readonly Row[]> =>
    (await session.query({ statement: statement(text), values: {} })).rows;
  const [found] = await query(dialect.bookkeepingExists(tables));
  const rows = Number(found?.[0]) > 0 ? await query(recordedMigrations(tables)) : [];
  return migrationStatus(migrations, rows);
}

import type { FaultKind } from '../connections/faults.js';
import type { Session } from '../connections/session.js';
import type { KnexLike } from '../knex-like.js';
import type { Migration } from '../migrations/migration.js';
import type { MigrationLock } from '../migrations/migration-lock.js';
import type { Statements } from '../sql/statements.js';
import type { Tables } from '../sql/tables.js';

/** What differs between databases. Each has the same few files in a folder of its own. */
export interface Dialect {
  /** Whether tables may be put in a database schema. */
  readonly hasSchemas: boolean;
  quote(name: string): string;
  statements(tables: Tables): Statements;
  /** Makes sessions that share what is worth keeping, such as prepared statements. */
  sessions(): (knex: KnexLike) => Session;
  /** What the driver's error means; `undefined` when it is not known. */
  faultKind(driverError: unknown): FaultKind | undefined;
  /** All migrations, in order. */
  migrations(tables: Tables): readonly Migration[];
  /** Makes the table that records migrations, unless it is there. */
  bookkeeping(tables: Tables): readonly string[];
  /** A query that answers 1 when that table is there. */
  bookkeepingExists(tables: Tables): string;
  readonly migrationLock: MigrationLock;
}

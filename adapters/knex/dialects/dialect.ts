import type { FaultKind } from '../connections/faults.js';
import type { Session } from '../connections/session.js';
import type { KnexLike } from '../knex-like.js';
import type { Migration, MigrationLock } from '../migrations/migration.js';
import type { ErasureWrites } from '../sql/erasure-statements.js';
import type { ReadStatements, WriteStatements } from '../sql/statements.js';
import type { Tables } from '../sql/tables.js';
import type { Capabilities } from './capabilities.js';

/** What differs between databases. Each dialect is a folder with the same few files. */
export interface Dialect {
  /** What the option `schema` must be, where the database has no schemas. */
  readonly withoutSchemas?: string;
  quote(name: string): string;
  statements(tables: Tables): Statements;
  /** Creates sessions that share state such as prepared statements. */
  sessions(): (knex: KnexLike) => Session;
  /** Classifies a driver's error; `undefined` if it is unexpected. */
  faultKind(driverError: unknown): FaultKind | undefined;
  /** All migrations, in order. */
  migrations(tables: Tables): readonly Migration[];
  /** Creates the table that records migrations, unless it exists. */
  bookkeeping(tables: Tables): readonly string[];
  /** A query that returns 1 if that table exists. */
  bookkeepingExists(tables: Tables): string;
  readonly migrationLock: MigrationLock;
}

export type Statements = ReadStatements & WriteStatements & ErasureWrites & Capabilities;

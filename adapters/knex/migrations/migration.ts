import type { Tables } from '../sql/tables.js';

/** One step from an older version of the tables to a newer one. A released migration never changes. */
export interface Migration {
  /** Begins with a number, which orders migrations. */
  readonly name: string;
  /** Whether versions of the package that do not know it can no longer work with the tables. */
  readonly breaking: boolean;
  /** Idempotent, since not every database can roll them back. */
  readonly statements: readonly (string | GuardedStatement)[];
}

/** A statement that is not idempotent by itself. */
export interface GuardedStatement {
  readonly text: string;
  /** A query that returns 1 if it has run, and otherwise 0. */
  readonly hasRun: string;
  /** The same as idempotent statements for a script; absent where the database has none. */
  readonly script?: readonly string[] | undefined;
}

/** How a dialect lets only one process migrate at a time; empty where its transactions already do. */
export interface MigrationLock {
  /** A query with the parameter `:name` that waits for the lock and returns 1 when it has it. */
  readonly acquire?: string | undefined;
  /** A statement with the parameter `:name`; present where the lock outlives the transaction. */
  readonly release?: string | undefined;
}

/** The query for the applied migrations. */
export function recordedMigrations({ migrations }: Tables): string {
  return `SELECT name, breaking FROM ${migrations}`;
}

/** Records a migration as applied, unless it is already. */
export function recordMigration({ migrations }: Tables, { name, breaking }: Migration): string {
  return `INSERT INTO ${migrations} (name, breaking)
SELECT '${name}', ${breaking ? 1 : 0} FROM (SELECT 1 AS one) o
WHERE NOT EXISTS (SELECT 1 FROM ${migrations} m WHERE m.name = '${name}')`;
}

import { StorageUnavailableError } from 'dossier';
import type { Row } from '../sql/statement.js';
import type { Migration } from './migration.js';

/** The state of the tables, compared with what this version of the package needs. */
export interface MigrationStatus {
  /** Whether this version can work with the tables. */
  readonly ready: boolean;
  /** The applied migrations of this version. */
  readonly applied: readonly string[];
  /** The migrations of this version that are not applied yet, in order. */
  readonly pending: readonly string[];
  /** The applied migrations of newer versions of the package. */
  readonly unknown: readonly string[];
  /** The unknown migrations with which this version cannot work. */
  readonly incompatible: readonly string[];
}

/** @param rows of the bookkeeping table: `name`, `breaking` */
export function migrationStatus(migrations: readonly Migration[], rows: readonly Row[]): MigrationStatus {
  const recorded = new Map(rows.map(([name, breaking]) => [String(name), Number(breaking) === 1]));
  const names = migrations.map((migration) => migration.name);
  const pending = names.filter((name) => !recorded.has(name));
  const unknown = [...recorded.keys()].filter((name) => !names.includes(name)).sort();
  const incompatible = unknown.filter((name) => recorded.get(name));
  return {
    ready: pending.length === 0 && incompatible.length === 0,
    applied: names.filter((name) => recorded.has(name)),
    pending,
    unknown,
    incompatible,
  };
}

/** @throws StorageUnavailableError if a newer version of the package has made a breaking migration */
export function assertCompatible({ incompatible }: MigrationStatus): void {
  if (incompatible.length === 0) return;
  throw new StorageUnavailableError(
    `A newer version of Dossier has migrated the tables (${incompatible.join(', ')}). Update the package.`,
  );
}

/** @throws StorageUnavailableError if the tables are not ready for this version */
export function assertUsable(migrations: readonly Migration[], rows: readonly Row[]): void {
  const status = migrationStatus(migrations, rows);
  assertCompatible(status);
  if (status.ready) return;
  throw new StorageUnavailableError(
    `The tables of Dossier lack the migrations ${status.pending.join(', ')}. Run migrate(knex, options) first.`,
  );
}

import type { Tables } from '../sql/tables.js';
import type { Migration } from './migration.js';

/** The query for the migrations that were run. */
export function recordedMigrations({ migrations }: Tables): string {
  return `SELECT name, breaking FROM ${migrations}`;
}

/** Records that a migration was run; once more, it does nothing. */
export function recordMigration({ migrations }: Tables, { name, breaking }: Migration): string {
  return `INSERT INTO ${migrations} (name, breaking)
SELECT '${name}', ${breaking ? 1 : 0} FROM (SELECT 1 AS one) o
WHERE NOT EXISTS (SELECT 1 FROM ${migrations} m WHERE m.name = '${name}')`;
}

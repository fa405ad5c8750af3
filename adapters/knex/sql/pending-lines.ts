import { LINE_COLUMNS } from './statements.js';
import type { Tables } from './tables.js';

/** Moves the lines without a position to a table of their own. May run again where it has ended halfway. */
export function movePendingLines({ pending, changes }: Tables): readonly string[] {
  const columns = ['tenant', ...LINE_COLUMNS];
  return [
    `INSERT INTO ${pending} (${columns.join(', ')})
SELECT ${columns.map((column) => `l.${column}`).join(', ')} FROM ${changes} l
WHERE l.position IS NULL AND NOT EXISTS (
  SELECT 1 FROM ${pending} p WHERE p.tenant = l.tenant AND p.id = l.id AND p.revision = l.revision)`,
    `DELETE FROM ${changes} WHERE position IS NULL`,
  ];
}

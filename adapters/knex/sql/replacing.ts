import type { Tables } from './tables.js';

/** How a dialect writes what differs between the reads of a replacement. */
export interface ReplacingExpressions {
  /** The value of a parameter. Default `:name`. */
  value?(name: string): string;
  /** Whether two texts, which may be null, are equal byte for byte. */
  same(one: string, other: string): string;
  /** The later of two timestamps. */
  later(one: string, other: string): string;
  /** Clauses that lock the row of the schema, and the profile's. */
  readonly lockSchema: string;
  readonly lockProfile: string;
}

/**
 * Locks the row of a profile that may be replaced without a look, and compares it → `outcome` (1: replaced, 0: unchanged), and
 * what the row has afterwards: `revision`, `created_at`, `updated_at`, `segment`.
 */
export function foundRow(
  { profiles, schemas }: Tables,
  { value = (name) => `:${name}`, same, later, lockSchema, lockProfile }: ReplacingExpressions,
): string {
  const isUnchanged = `p.attributes = ${value('attributes')} AND (${value('extensions')} IS NULL OR p.extensions = ${value('extensions')})
    AND (${value('keeps')} = 1 OR ${same('p.segment', value('segment'))})`;
  return `
    SELECT f.differs AS outcome, f.revision + f.differs AS revision, f.created_at,
      CASE WHEN f.differs = 1 THEN f.later ELSE f.updated_at END AS updated_at, f.segment
    FROM (
      SELECT CASE WHEN ${isUnchanged} THEN 0 ELSE 1 END AS differs, p.revision, p.created_at, p.updated_at,
        ${later(value('at'), 'p.updated_at')} AS later, CASE WHEN ${value('keeps')} = 1 THEN p.segment ELSE ${value('segment')} END AS segment
      FROM ${profiles} p
      WHERE p.tenant = ${value('tenant')} AND p.id = ${value('profile')} AND p.deleted = 0 AND p.residual IS NULL
        AND p.attributes_version >= ${value('since')} AND (${value('extensions')} IS NULL OR p.extensions_version >= ${value('since')})
        AND ${value('version')} = (SELECT s.version FROM ${schemas} s WHERE s.tenant = ${value('tenant')} ${lockSchema})
      ${lockProfile}
    ) f`;
}

import type { Tables } from './tables.js';

/** How a dialect writes what differs between the reads of a replacement. */
export interface ReplacingExpressions {
  /** The value of a parameter. Default `:name`. */
  value?(name: string): string;
  /** Whether two texts, which may be null, are equal byte for byte. */
  same(one: string, other: string): string;
  /** Clauses that lock the row of the schema, and the profile's. */
  readonly lockSchema: string;
  readonly lockProfile: string;
}

/**
 * Finds the row of a profile that may be replaced without a look, and compares it → `differs` (1 or 0), `revision`,
 * `created_at`, `updated_at`, `segment`.
 */
export function foundRow(
  { profiles, schemas }: Tables,
  { value = (name) => `:${name}`, same, lockSchema, lockProfile }: ReplacingExpressions,
): string {
  const [attributes, extensions] = [value('attributes'), value('extensions')];
  const [revision, created, updated] = [value('if_revision'), value('if_created'), value('if_updated')];
  return `
    SELECT CASE WHEN p.attributes = ${attributes} AND (${extensions} IS NULL OR p.extensions = ${extensions})
      AND (${value('keeps')} = 1 OR ${same('p.segment', value('segment'))}) THEN 0 ELSE 1 END AS differs,
      p.revision, p.created_at, p.updated_at, p.segment
    FROM ${profiles} p
    WHERE p.tenant = ${value('tenant')} AND p.id = ${value('profile')} AND p.deleted = 0 AND p.residual IS NULL
      AND (${revision} IS NULL OR p.revision = ${revision} AND p.created_at = COALESCE(${created}, p.created_at)
        AND p.updated_at = COALESCE(${updated}, p.updated_at))
      AND p.attributes_version >= ${value('since')}
      AND (${extensions} IS NULL OR p.extensions_version >= ${value('since')})
      AND ${value('version')} = (SELECT s.version FROM ${schemas} s WHERE s.tenant = ${value('tenant')} ${lockSchema})
    ${lockProfile}`;
}

import { statement } from './statement.js';
import { HISTORY_TABLE_COLUMNS, presentState } from './statements.js';
import type { Tables } from './tables.js';

/** How a dialect writes what differs between the reads of a replacement. */
export interface ReplacingExpressions {
  /** The value of a parameter. Default `:name`. */
  value?(name: string): string;
  /** Whether two texts, which may be null, are equal byte for byte. */
  same(one: string, other: string): string;
  /** The length of a text in bytes. */
  byteLength(text: string): string;
  /** Clauses that lock the row of the schema, and the profile's. */
  readonly lockSchema: string;
  readonly lockProfile: string;
}

/**
 * Finds the row of a profile that may be replaced without a look, and compares it → `differs` (1 or 0), `revision`,
 * `created_at`, `updated_at`, `segment`; with the documents also `attributes`, `extensions`, if they are `searchable`.
 */
export function foundRow(
  { profiles, schemas }: Tables,
  { value = (name) => `:${name}`, same, byteLength, lockSchema, lockProfile }: ReplacingExpressions,
  withDocuments: boolean,
): string {
  const [attributes, extensions] = [value('attributes'), value('extensions')];
  const [revision, created, updated] = [value('if_revision'), value('if_created'), value('if_updated')];
  return `
    SELECT CASE WHEN p.attributes = ${attributes} AND (${extensions} IS NULL OR p.extensions = ${extensions})
      AND (${value('keeps')} = 1 OR ${same('p.segment', value('segment'))}) THEN 0 ELSE 1 END AS differs,
      p.revision, p.created_at, p.updated_at, p.segment${withDocuments ? ', p.attributes, p.extensions' : ''}
    FROM ${profiles} p
    WHERE p.tenant = ${value('tenant')} AND p.id = ${value('profile')} AND p.deleted = 0 AND p.residual IS NULL
      AND (${revision} IS NULL OR p.revision = ${revision} AND p.created_at = COALESCE(${created}, p.created_at)
        AND p.updated_at = COALESCE(${updated}, p.updated_at))
      AND p.attributes_version >= ${value('since')}
      AND (${extensions} IS NULL OR p.extensions_version >= ${value('since')})
      ${withDocuments ? `AND ${byteLength('p.attributes')} + ${byteLength('p.extensions')} <= ${value('searchable')}` : ''}
      AND ${value('version')} = (SELECT s.version FROM ${schemas} s WHERE s.tenant = ${value('tenant')} ${lockSchema})
    ${lockProfile}`;
}

/**
 * The statements of a replacement in several steps.
 *
 * @param held reads all entries of a profile: `:tenant`, `:profile` → `key`, `digest`, `plain`
 */
export function replacingSteps(tables: Tables, expressions: ReplacingExpressions, held: string) {
  return {
    found: statement(foundRow(tables, expressions, false)),
    foundWithDocuments: statement(foundRow(tables, expressions, true)),
    held: statement(held),
    keep: statement(keepFoundState(tables)),
    update: statement(updateFoundRow(tables)),
  };
}

/** Copies the state that is replaced. The row is locked; `updated` is the timestamp of its next state. */
export function keepFoundState({ profiles, history }: Tables, value = (name: string) => `:${name}`): string {
  return `INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS}) SELECT ${presentState('p')}, ${value('updated')}
    FROM ${profiles} p WHERE p.tenant = ${value('tenant')} AND p.id = ${value('profile')}`;
}

/** Makes the row, which is locked, what the replacement says: `revision`, `segment` and `updated` are those afterwards. */
export function updateFoundRow({ profiles }: Tables, value = (name: string) => `:${name}`): string {
  const extensions = value('extensions');
  return `UPDATE ${profiles} SET revision = ${value('revision')}, segment = ${value('segment')},
      attributes = ${value('attributes')}, extensions = COALESCE(${extensions}, extensions),
      updated_at = ${value('updated')}, operation = ${value('operation')}, actor = ${value('actor')},
      reason = ${value('reason')}, counterpart = ${value('counterpart')}, attributes_version = ${value('version')},
      extensions_version = CASE WHEN ${extensions} IS NULL THEN extensions_version ELSE ${value('version')} END
    WHERE tenant = ${value('tenant')} AND id = ${value('profile')}`;
}

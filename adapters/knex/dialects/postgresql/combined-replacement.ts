import { type CapturedReplacement, namesOf } from '../../commit/captured-replacement.js';
import { foundRow, type ReplacingExpressions } from '../../sql/replacing.js';
import { type Statement, type Step, statement } from '../../sql/statement.js';
import { HISTORY_TABLE_COLUMNS, LINE_COLUMNS, presentState } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batch } from './batch-writes.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{ version: 'bigint', since: 'bigint', if_revision: 'bigint' },
  keeps: 'smallint',
};
const COLUMNS = ['key', 'digest', 'plain'];

const FOUND: ReplacingExpressions = {
  value: (name) => `:${name}::${TYPES[name] ?? 'text'}`,
  same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
  lockSchema: 'FOR SHARE',
  lockProfile: '',
};

/**
 * Replaces a profile in one statement of data-modifying CTEs.
 *
 * All parts see the tables as the statement began; only the update waits for concurrent changes of the row, and then finds
 * another revision. So it comes first, and where it updates nothing, nothing else is written. A unique entry that is seen
 * to be taken keeps it from running; one that is taken meanwhile makes the statement divide by zero, as in a combined commit.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step {
  const cache = new Map<string, Statement>();
  return (change) => {
    const { history, line, keys, entries, values } = change;
    const hasKeys = keys.length > 0;
    const shape = `${history} ${line} ${hasKeys}`;
    const combined = cache.get(shape) ?? statement(textOf(tables, history, line, hasKeys), COLUMNS);
    cache.set(shape, combined);
    return { statement: combined, values: { ...values, keys, names: namesOf(entries) }, rows: entries };
  };
}

function textOf(tables: Tables, history: boolean, line: boolean, hasKeys: boolean): string {
  const { profiles } = tables;
  const ofProfile = 'p.tenant = :tenant AND p.id = :profile';
  const found = foundRow(tables, FOUND, line);
  const parts = [
    `o AS MATERIALIZED (
      SELECT f.differs AS outcome, f.revision + f.differs AS revision, f.created_at,
        CASE WHEN f.differs = 1 AND :at::text COLLATE "C" > f.updated_at COLLATE "C" THEN :at ELSE f.updated_at END AS updated_at,
        CASE WHEN :keeps::smallint = 1 THEN f.segment ELSE :segment END AS segment
        ${line ? ', f.attributes, f.extensions, f.segment AS former_segment' : ''}
      FROM (${found}) f)`,
    ...(hasKeys ? entryReads(tables) : []),
    `u AS (
      UPDATE ${profiles} p SET revision = o.revision, segment = o.segment, attributes = :attributes,
        extensions = COALESCE(:extensions, p.extensions), updated_at = o.updated_at, operation = :operation,
        actor = :actor, reason = :reason, counterpart = :counterpart, attributes_version = :version,
        extensions_version = CASE WHEN :extensions IS NULL THEN p.extensions_version ELSE :version END
      FROM o WHERE ${ofProfile} AND p.revision = o.revision - 1 AND o.outcome = 1 ${hasKeys ? 'AND NOT (SELECT is_taken FROM t)' : ''}
      RETURNING 1)`,
    ...(history
      ? [
          `kept AS (
      INSERT INTO ${tables.history} (${HISTORY_TABLE_COLUMNS})
      SELECT ${presentState('p')}, o.updated_at FROM ${profiles} p, o WHERE ${ofProfile} AND ${IS_UPDATED})`,
        ]
      : []),
    ...(hasKeys ? entryWrites(tables) : []),
    ...(line ? [lineWrite(tables)] : []),
  ];
  const isWhole = hasKeys
    ? `NOT ${IS_UPDATED} OR (SELECT count(*) FROM added) = (SELECT count(*) FROM missing)`
    : 'true';
  return `WITH ${parts.join(', ')}
    SELECT CASE WHEN o.outcome = 0 THEN 0 WHEN ${IS_UPDATED} THEN 1 ELSE 2 END / CASE WHEN ${isWhole} THEN 1 ELSE 0 END,
      o.revision, o.created_at, o.updated_at, o.segment
    FROM o ${hasKeys ? 'WHERE NOT (SELECT is_taken FROM t)' : ''}`;
}

const IS_UPDATED = 'EXISTS (SELECT 1 FROM u)';

/** In most replacements no entry changes, which one read tells: then the other parts do nothing. */
const CHANGES_ENTRIES = 'NOT (SELECT is_same FROM h)';

/** As the documents are canonical, members are equal if their texts are. */
function lineWrite({ pending }: Tables): string {
  const members = (document: string) => `SELECT d.key, d.value::text FROM json_each(${document}) d`;
  return `noted AS (
    INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
    SELECT :tenant, :profile, o.revision, o.updated_at, :operation, :actor, :reason, :counterpart, 0, :origin, (
      SELECT COALESCE(json_agg('/' || m.name ORDER BY m.place)::text, '[]')
      FROM unnest(:members::text[]) WITH ORDINALITY m(name, place)
      WHERE CASE m.name WHEN 'segment' THEN o.former_segment IS DISTINCT FROM o.segment ELSE m.name IN (
        SELECT v.key FROM (
          ${members('o.attributes::json')} UNION ALL ${members(':attributes::json')}
          UNION ALL ${members('o.extensions::json')}
          UNION ALL ${members('COALESCE(:extensions, o.extensions)::json')}) v
        GROUP BY v.key, v.value HAVING count(*) = 1) END)
    FROM o WHERE ${IS_UPDATED})`;
}

function ofProfile(alias: string): string {
  return `${alias}.tenant = :tenant AND ${alias}.id = :profile AND ${alias}.key_name = ANY (:keys::text[])`;
}

function entryReads({ keys }: Tables): string[] {
  return [
    `h AS MATERIALIZED (
      SELECT COALESCE(string_agg(k.key_name || ' ' || encode(k.digest, 'hex'), ',' ORDER BY k.key_name, k.digest), '')
        = :names AS is_same
      FROM ${keys} k WHERE ${ofProfile('k')})`,
    `given AS MATERIALIZED (
      SELECT c.key, decode(c.digest, 'hex') AS digest, c.plain FROM ${batch(COLUMNS)} WHERE ${CHANGES_ENTRIES})`,
    `missing AS MATERIALIZED (
      SELECT g.key, g.digest, g.plain FROM given g
      WHERE NOT EXISTS (SELECT 1 FROM ${keys} k WHERE ${ofProfile('k')} AND k.key_name = g.key AND k.digest = g.digest))`,
    // Looked up one by one: as a join, it may become a scan of all entries of the tenant.
    `t AS MATERIALIZED (
      SELECT count((
        SELECT k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = m.key AND k.digest = m.digest AND k.plain_id = '')) > 0 AS is_taken
      FROM missing m WHERE m.plain = '')`,
  ];
}

function entryWrites({ keys }: Tables): string[] {
  return [
    `removed AS (
      DELETE FROM ${keys} k WHERE ${ofProfile('k')} AND ${CHANGES_ENTRIES} AND ${IS_UPDATED}
        AND NOT EXISTS (SELECT 1 FROM given g WHERE g.key = k.key_name AND g.digest = k.digest))`,
    `added AS (
      INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
      SELECT :tenant, m.key, m.digest, m.plain, :profile FROM missing m WHERE ${IS_UPDATED}
      ON CONFLICT DO NOTHING RETURNING 1)`,
  ];
}

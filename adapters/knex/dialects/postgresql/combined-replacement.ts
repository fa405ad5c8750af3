import { type CapturedReplacement, namesOf } from '../../commit/captured-replacement.js';
import { BEGINNING, MAX_SEARCHED } from '../../commit/probes.js';
import { foundRow, type ReplacingExpressions } from '../../sql/replacing.js';
import { type Statement, type Step, statement } from '../../sql/statement.js';
import { HISTORY_TABLE_COLUMNS, LINE_COLUMNS, presentState } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batch } from './batch-writes.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{ version: 'bigint', since: 'bigint', if_revision: 'bigint', searchable: 'bigint' },
  keeps: 'smallint',
};
const COLUMNS = ['key', 'digest', 'plain'];

const FOUND: ReplacingExpressions = {
  value: (name) => `:${name}::${TYPES[name] ?? 'text'}`,
  same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
  byteLength: (text) => `octet_length(${text})`,
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
    const { history, probes, keys, entries, values } = change;
    const [line, hasKeys] = [probes !== undefined, keys.length > 0];
    const shape = `${history} ${line} ${hasKeys}`;
    const combined = cache.get(shape) ?? statement(textOf(tables, history, line, hasKeys), COLUMNS);
    cache.set(shape, combined);
    const searched = probes && {
      texts: probes.map(({ text }) => text).join('\n'),
      kinds: probes.map(({ inExtensions, expected }) => (inExtensions ? 2 : 0) + (expected ? 1 : 0)).join(''),
    };
    return { statement: combined, values: { ...values, ...searched, keys, names: namesOf(entries) }, rows: entries };
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
        ${line ? `, left(f.attributes, -1) || ',' AS attributes, left(f.extensions, -1) || ',' AS extensions, f.segment AS former` : ''}
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

/**
 * The texts are the lines of one parameter: JSON contains no line breaks, so unlike the elements of an array they need no
 * quoting. A digit for each says what is expected (bit 0) and which document is searched (bit 1). Unnesting keeps the order.
 */
function lineWrite({ pending }: Tables): string {
  const document = 'CASE WHEN m.kind < 2 THEN o.attributes ELSE o.extensions END';
  const beginning = `strpos(${document}, left(m.text, ${BEGINNING}))`;
  return `noted AS (
    INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
    SELECT :tenant, :profile, o.revision, o.updated_at, :operation, :actor, :reason, :counterpart, 0, :origin,
      '[' || array_to_string(ARRAY(
        SELECT '"/' || substr(m.text, 2, strpos(m.text, ':') - 2)
        FROM (SELECT l.text, substr(:kinds, l.place::integer, 1)::integer AS kind
          FROM unnest(string_to_array(:texts, chr(10))) WITH ORDINALITY l(text, place)) m
        WHERE (m.kind % 2 = 1) <> CASE WHEN octet_length(m.text) <= ${MAX_SEARCHED} THEN strpos(${document}, m.text) > 0
          ELSE starts_with(substr(${document}, ${beginning}), m.text) END
      ) || CASE WHEN o.former IS DISTINCT FROM o.segment THEN ARRAY['"/segment"'] END, ',') || ']'
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

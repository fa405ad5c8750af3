import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import { BEGINNING, MAX_SEARCHED, type Probe } from '../../commit/probes.js';
import { foundRow, type ReplacingExpressions, shapeOf, type Wanted } from '../../sql/replacing.js';
import { type Statement, type Step, statement } from '../../sql/statement.js';
import { HISTORY_TABLE_COLUMNS, LINE_COLUMNS, presentState } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batch } from './batch-writes.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{ version: 'bigint', since: 'bigint', if_revision: 'bigint', searchable: 'bigint' },
  keeps: 'smallint',
};
const COLUMNS = ['key', 'digest', 'plain'];

/** Where a statement has the value of a parameter. */
type ValueOf = (name: string) => string;

const parameter: ValueOf = (name) => `:${name}::${TYPES[name] ?? 'text'}`;

export const FOUND: ReplacingExpressions & { readonly value: ValueOf } = {
  value: parameter,
  same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
  byteLength: (text) => `octet_length(${text})`,
  // A search for a long text may take the product of both lengths.
  has: (document, text) =>
    `starts_with(substr(${document}, strpos(${document}, left(${text}, ${BEGINNING}))), ${text})`,
  withCommas,
  lockSchema: 'FOR SHARE',
  lockProfile: '',
};

/**
 * Replaces a profile in one statement of data-modifying CTEs.
 *
 * All parts see the tables as the statement began; only the update waits for concurrent changes of the row, and then finds
 * another revision. So it comes first, and where it updates nothing, nothing else is written. A unique entry that is seen
 * to be taken keeps it from running; one that is taken meanwhile makes the statement fail, which undoes it.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step {
  const cache = new Map<string, Statement>();
  return (change) => {
    const { history, probes, keys, entries, indexed, values } = change;
    const [line, hasKeys] = [probes !== undefined, keys.length > 0];
    const shape = `${history} ${line} ${hasKeys} ${indexed && shapeOf(indexed.counts)}`;
    const parts = { history, line, hasKeys, indexed: indexed?.counts };
    const combined = cache.get(shape) ?? statement(textOf(tables, parts), COLUMNS);
    cache.set(shape, combined);
    return { statement: combined, values: { ...values, ...(probes && searched(probes)), keys }, rows: entries };
  };
}

/** The values of the parameters by which {@link lineWrite} finds the members that differ. */
export function searched(probes: readonly Probe[]) {
  return {
    texts: probes.map(({ text }) => text).join('\n'),
    kinds: probes.map(({ inExtensions, expected }) => (inExtensions ? 2 : 0) + (expected ? 1 : 0)).join(''),
  };
}

/** What a statement does beside the replacement. */
interface Parts extends Pick<Wanted, 'indexed'> {
  readonly history: boolean;
  readonly line: boolean;
  readonly hasKeys: boolean;
}

function textOf(tables: Tables, { history, line, hasKeys, indexed }: Parts): string {
  const found = foundRow(tables, FOUND, { documents: line, state: history, indexed });
  const parts = [
    `o AS MATERIALIZED (
      SELECT f.*, ${nextState(parameter, line)} FROM (${found}) f)`,
    ...(hasKeys ? entryReads(tables) : []),
    `u AS (
      UPDATE ${tables.profiles} p SET ${assignments(parameter)}
      FROM o WHERE p.tenant = :tenant AND p.id = :profile AND p.revision = o.revision AND o.differs = 1
        ${hasKeys ? `AND NOT ${IS_TAKEN}` : ''}
      RETURNING 1)`,
    ...(history
      ? [
          `kept AS (
      INSERT INTO ${tables.history} (${HISTORY_TABLE_COLUMNS}) SELECT ${presentState('o')}, o.next_updated FROM o, u)`,
        ]
      : []),
    ...(hasKeys ? entryWrites(tables) : []),
    ...(line ? [lineWrite(tables, parameter, 'FROM o, u')] : []),
  ];
  return `WITH ${parts.join(', ')}
    SELECT CASE WHEN o.differs = 0 THEN 0 WHEN ${IS_UPDATED} THEN 1 ELSE 2 END, o.revision, o.created_at, o.updated_at, o.segment
    FROM o ${hasKeys ? `WHERE NOT ${IS_TAKEN}` : ''}`;
}

const IS_UPDATED = 'EXISTS (SELECT 1 FROM u)';

const IS_TAKEN = 'EXISTS (SELECT 1 FROM missing m WHERE m.holder IS NOT NULL)';

/** Most replacements change no entry: then the parts that write entries do nothing. */
const CHANGES_ENTRIES = '(SELECT o.indexed = 0 FROM o)';

/** What the profile will have, and the documents to search, beside the row that is found, `f`. */
export function nextState(given: ValueOf, line: boolean): string {
  return `CASE WHEN ${given('at')} COLLATE "C" > f.updated_at COLLATE "C" THEN ${given('at')} ELSE f.updated_at END AS next_updated,
    CASE WHEN ${given('keeps')} = 1 THEN f.segment ELSE ${given('segment')} END AS next_segment
    ${line ? `, ${withCommas('f.attributes')} AS in_attributes, ${withCommas('f.extensions')} AS in_extensions` : ''}`;
}

/** What is set in the row of the profile, `p`. */
export function assignments(given: ValueOf): string {
  const copied = ['attributes', 'operation', 'actor', 'reason', 'counterpart'];
  return `revision = o.revision + 1, segment = o.next_segment, updated_at = o.next_updated,
    ${copied.map((column) => `${column} = ${given(column)}`).join(', ')}, attributes_version = :version,
    extensions = COALESCE(${given('extensions')}, p.extensions),
    extensions_version = CASE WHEN ${given('extensions')} IS NULL THEN p.extensions_version ELSE :version END`;
}

function withCommas(document: string): string {
  return `left(${document}, -1) || ','`;
}

/**
 * The texts are the lines of one parameter: JSON contains no line breaks, so unlike the elements of an array they need no
 * quoting. A digit for each says what is expected (bit 0) and which document is searched (bit 1). Unnesting keeps the order.
 *
 * @param fromReplaced the profiles that are replaced, as `o`
 */
export function lineWrite({ pending }: Tables, given: ValueOf, fromReplaced: string): string {
  const document = 'CASE WHEN m.kind < 2 THEN o.in_attributes ELSE o.in_extensions END';
  const beginning = `strpos(${document}, left(m.text, ${BEGINNING}))`;
  return `noted AS (
    INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
    SELECT :tenant, ${given('profile')}, o.revision + 1, o.next_updated, ${given('operation')}, ${given('actor')},
      ${given('reason')}, ${given('counterpart')}, 0, ${given('origin')},
      '[' || array_to_string(ARRAY(
        SELECT '"/' || substr(m.text, 2, strpos(m.text, ':') - 2)
        FROM (SELECT l.text, substr(${given('kinds')}, l.place::integer, 1)::integer AS kind
          FROM unnest(string_to_array(${given('texts')}, chr(10))) WITH ORDINALITY l(text, place)) m
        WHERE (m.kind % 2 = 1) <> CASE WHEN octet_length(m.text) <= ${MAX_SEARCHED} THEN strpos(${document}, m.text) > 0
          ELSE starts_with(substr(${document}, ${beginning}), m.text) END
      ) || CASE WHEN o.segment IS DISTINCT FROM o.next_segment THEN ARRAY['"/segment"'] END, ',') || ']'
    ${fromReplaced})`;
}

/** The entries of the profile for the keys that are decided. */
const OWN = 'k.tenant = :tenant AND k.id = :profile AND k.key_name = ANY (:keys::text[])';

/** Entries are excluded by `NOT IN`, which hashes them: a join of arrays is planned for a few, and compares each with each. */
function entryReads({ keys }: Tables): string[] {
  return [
    `given AS MATERIALIZED (
      SELECT c.key, decode(c.digest, 'hex') AS digest, c.plain FROM ${batch(COLUMNS)} WHERE ${CHANGES_ENTRIES})`,
    // Holders are looked up one by one: as a join, it may become a scan of all entries of the tenant.
    `missing AS MATERIALIZED (
      SELECT g.key, g.digest, g.plain, CASE WHEN g.plain = '' THEN (
        SELECT k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = g.key AND k.digest = g.digest AND k.plain_id = '') END AS holder
      FROM given g WHERE (g.key, g.digest) NOT IN (SELECT k.key_name, k.digest FROM ${keys} k WHERE ${OWN}))`,
  ];
}

function entryWrites({ keys }: Tables): string[] {
  return [
    `removed AS (
      DELETE FROM ${keys} k WHERE ${OWN} AND ${CHANGES_ENTRIES} AND ${IS_UPDATED}
        AND (k.key_name, k.digest) NOT IN (SELECT g.key, g.digest FROM given g))`,
    `added AS (
      INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
      SELECT :tenant, m.key, m.digest, m.plain, :profile FROM missing m WHERE ${IS_UPDATED})`,
  ];
}

import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import { foundRow, shapeOf } from '../../sql/replacing.js';
import { type Statement, type Step, statement } from '../../sql/statement.js';
import { HISTORY_TABLE_COLUMNS, presentState } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import type { ReplacingTogether } from '../capabilities.js';
import { batch } from './batch-writes.js';
import { assignments, FOUND, lineWrite, nextState, searched } from './combined-replacement.js';

/** The parameters that all have in common; the others are columns of a batch. */
const SHARED: readonly string[] = ['tenant', 'version', 'since'];

const COLUMNS = [
  ...['profile', 'attributes', 'extensions', 'segment', 'keeps', 'at', 'operation', 'actor', 'reason', 'counterpart'],
  ...['if_revision', 'if_created', 'if_updated'],
];
const LINE_COLUMNS = ['origin', 'searchable', 'texts', 'kinds'];

/**
 * Replaces several profiles in one statement, as {@link combinedReplacement} does one.
 *
 * It locks the rows first, and skips those that others have locked: one caller's profile must not make others wait. What it
 * finds are the newest rows; the update, and the reads of entries, still see those from when the statement began. So where a row
 * has changed since, the revisions differ, and the profile is left out.
 */
export function combinedReplacements(tables: Tables): ReplacingTogether {
  const cache = new Map<string, Statement>();
  return {
    shapeOf(change) {
      const { keys, values } = change;
      return [statementShape(change), values.version, values.since, values.tenant, ...keys].join(' ');
    },
    combine(changes) {
      const [first] = changes as [CapturedReplacement];
      const { keys, values } = first;
      const shape = statementShape(first);
      const combined = cache.get(shape) ?? statementFor(tables, first);
      cache.set(shape, combined);
      const rows = changes.map(({ values, probes }) => (probes ? { ...values, ...searched(probes) } : values));
      const shared = Object.fromEntries(SHARED.map((name) => [name, values[name]]));
      return { statement: combined, values: { ...shared, ...(keys.length > 0 && entriesOf(changes)) }, rows };
    },
  };
}

function statementShape({ history, probes, keys, indexed }: CapturedReplacement): string {
  return `${history} ${probes !== undefined} ${keys.length > 0} ${indexed && shapeOf(indexed.counts)}`;
}

/** The keys, which all decide, and the entries of them all, by column. */
function entriesOf(changes: readonly CapturedReplacement[]): Step['values'] {
  const entries = changes.flatMap((change) => change.entries);
  const columns = ENTRY_COLUMNS.map((column) => [`entry_${column}`, entries.map((entry) => entry[column])]);
  return { keys: changes[0]?.keys ?? [], ...Object.fromEntries(columns) };
}

const ENTRY_COLUMNS = ['id', 'key', 'digest', 'plain'] as const;

function statementFor(tables: Tables, { history, probes, keys, indexed }: CapturedReplacement): Statement {
  const [line, hasKeys] = [probes !== undefined, keys.length > 0];
  const members = indexed ? ['members', ...indexed.probes.map((_, index) => `member_${index}`)] : [];
  const columns = [...COLUMNS, ...(line ? LINE_COLUMNS : []), ...members];
  const inBatch = (name: string) => (SHARED.includes(name) ? FOUND.value(name) : `c."${name}"`);
  const expressions = { ...FOUND, value: inBatch, lockProfile: 'FOR NO KEY UPDATE SKIP LOCKED' };
  const found = foundRow(tables, expressions, { documents: line, state: history, indexed: indexed?.counts });
  const parts = [
    // A lateral query with a lock is run for each row of the batch. A join might be planned as a scan of the tenant's profiles.
    `o AS MATERIALIZED (
      SELECT f.*, ${nextState(inBatch, line)}, ${columns.map((name) => `c."${name}" AS given_${name}`).join(', ')}
      FROM ${batch(columns)}, LATERAL (${found}) f)`,
    ...(hasKeys ? entryReads(tables) : []),
    `u AS (
      UPDATE ${tables.profiles} p SET ${assignments(given)}
      FROM o WHERE p.tenant = :tenant AND p.id = ${ID} AND p.revision = o.revision AND o.differs = 1
        ${hasKeys ? `AND ${ID} NOT IN (SELECT m.id FROM missing m WHERE m.holder IS NOT NULL)` : ''}
      RETURNING p.id)`,
    ...(history
      ? [
          `kept AS (
      INSERT INTO ${tables.history} (${HISTORY_TABLE_COLUMNS}) SELECT ${presentState('o')}, o.next_updated FROM o WHERE ${IS_UPDATED})`,
        ]
      : []),
    ...(hasKeys ? entryWrites(tables) : []),
    ...(line ? [lineWrite(tables, given, `FROM o WHERE ${IS_UPDATED}`)] : []),
  ];
  const text = `WITH ${parts.join(', ')}
    SELECT o.differs, o.revision, o.created_at, o.updated_at, o.segment, ${ID} FROM o WHERE o.differs = 0 OR ${IS_UPDATED}`;
  return statement(text, columns);
}

function given(name: string): string {
  return `o.given_${name}`;
}

const ID = given('profile');

const IS_UPDATED = `${ID} IN (SELECT u.id FROM u)`;

/** The entries of the profiles whose entries are compared, for the keys that are decided. */
const COMPARED = `k.tenant = :tenant AND k.id = ANY (ARRAY(SELECT ${ID} FROM o WHERE o.differs = 1 AND o.indexed = 0))
  AND k.key_name = ANY (:keys::text[])`;

function entryReads({ keys }: Tables): string[] {
  const arrays = ENTRY_COLUMNS.map((column) => `:entry_${column}::text[]`).join(', ');
  return [
    `given AS MATERIALIZED (
      SELECT e.id, e.key, decode(e.digest, 'hex') AS digest, e.plain FROM unnest(${arrays}) AS e(${ENTRY_COLUMNS.join(', ')})
      WHERE e.id IN (SELECT ${ID} FROM o WHERE o.differs = 1 AND o.indexed = 0))`,
    `missing AS MATERIALIZED (
      SELECT g.id, g.key, g.digest, g.plain, CASE WHEN g.plain = '' THEN (
        SELECT k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = g.key AND k.digest = g.digest AND k.plain_id = '') END AS holder
      FROM given g WHERE (g.id, g.key, g.digest) NOT IN (SELECT k.id, k.key_name, k.digest FROM ${keys} k WHERE ${COMPARED}))`,
  ];
}

function entryWrites({ keys }: Tables): string[] {
  return [
    `removed AS (
      DELETE FROM ${keys} k WHERE ${COMPARED} AND k.id IN (SELECT u.id FROM u)
        AND (k.id, k.key_name, k.digest) NOT IN (SELECT g.id, g.key, g.digest FROM given g))`,
    // In one order: statements that add the same entries wait for each other, in turn.
    `added AS (
      INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
      SELECT :tenant, m.key, m.digest, m.plain, m.id FROM missing m WHERE m.id IN (SELECT u.id FROM u) ORDER BY m.key, m.digest)`,
  ];
}

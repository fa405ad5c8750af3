import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import { foundRow } from '../../sql/replacing.js';
import { type Statement, type Step, statement } from '../../sql/statement.js';
import { HISTORY_TABLE_COLUMNS, presentState } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batch } from './batch-writes.js';

const TYPES: Readonly<Record<string, string>> = { version: 'bigint', since: 'bigint', keeps: 'smallint' };
const COLUMNS = ['key', 'digest', 'plain'];

/**
 * Replaces a profile in one statement of data-modifying CTEs.
 *
 * The lock of `o` shows the newest row. All other parts see the tables as the statement began, entries included: where the
 * row has changed since, which its revision tells, nothing is written. A unique entry that is seen to be taken is not
 * written either; one that is taken while the statement runs makes it divide by zero, as in a combined commit.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step {
  const cache = new Map<string, Statement>();
  return ({ history, keys, entries, values }) => {
    const hasKeys = keys.length > 0;
    const shape = `${history} ${hasKeys}`;
    const combined = cache.get(shape) ?? statement(textOf(tables, history, hasKeys), COLUMNS);
    cache.set(shape, combined);
    return { statement: combined, values: { ...values, keys }, rows: entries };
  };
}

function textOf(tables: Tables, history: boolean, hasKeys: boolean): string {
  const { profiles } = tables;
  const ofProfile = 'p.tenant = :tenant AND p.id = :profile';
  const parts = [
    `o AS MATERIALIZED (${foundProfile(tables)})`,
    `seen AS (SELECT p.revision FROM ${profiles} p WHERE ${ofProfile})`,
    `f AS (SELECT o.* FROM o, seen WHERE o.outcome = 1 AND seen.revision = o.revision - 1)`,
    ...(hasKeys ? entryParts(tables) : [`w AS (SELECT * FROM f)`]),
    ...(history ? [`kept AS (${keepState(tables, ofProfile)})`] : []),
    `u AS (
      UPDATE ${profiles} p SET revision = w.revision, segment = w.segment, attributes = :attributes,
        extensions = COALESCE(:extensions, p.extensions), updated_at = w.updated_at, operation = :operation,
        actor = :actor, reason = :reason, counterpart = :counterpart, attributes_version = :version,
        extensions_version = CASE WHEN :extensions IS NULL THEN p.extensions_version ELSE :version END
      FROM w WHERE ${ofProfile} RETURNING 1)`,
  ];
  const isWhole = hasKeys ? '(SELECT count(*) FROM added) = (SELECT count(*) FROM missing, w)' : 'true';
  // A profile that is to change and was not updated met another row, or an entry that is taken.
  return `WITH ${parts.join(', ')}
    SELECT CASE WHEN o.outcome = 1 AND NOT EXISTS (SELECT 1 FROM f) THEN 2 ELSE o.outcome END
        / CASE WHEN ${isWhole} THEN 1 ELSE 0 END, o.revision, o.created_at, o.updated_at, o.segment
    FROM o WHERE o.outcome = 0 OR NOT EXISTS (SELECT 1 FROM f) OR EXISTS (SELECT 1 FROM u)`;
}

function foundProfile(tables: Tables): string {
  return foundRow(tables, {
    value: (name) => `:${name}::${TYPES[name] ?? 'text'}`,
    same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
    later: (one, other) => `GREATEST(${one} COLLATE "C", ${other} COLLATE "C")`,
    lockSchema: 'FOR SHARE',
    lockProfile: 'FOR UPDATE OF p',
  });
}

/** The state is seen as it is: its revision tells. */
function keepState({ profiles, history }: Tables, ofProfile: string): string {
  return `
    INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS})
    SELECT ${presentState('p')}, w.updated_at FROM ${profiles} p, w WHERE ${ofProfile} RETURNING 1`;
}

/** Writes the entries that differ, and only where all that are missing may be added. */
function entryParts({ keys }: Tables): string[] {
  const ofProfile = 'k.tenant = :tenant AND k.id = :profile AND k.key_name = ANY (:keys::text[])';
  return [
    `given AS MATERIALIZED (SELECT c.key, decode(c.digest, 'hex') AS digest, c.plain FROM ${batch(COLUMNS)})`,
    `held AS MATERIALIZED (SELECT k.key_name, k.digest FROM ${keys} k, f WHERE ${ofProfile})`,
    `missing AS MATERIALIZED (
      SELECT g.key, g.digest, g.plain FROM given g, f
      WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.key_name = g.key AND h.digest = g.digest))`,
    `w AS MATERIALIZED (
      SELECT f.* FROM f WHERE NOT EXISTS (
        SELECT 1 FROM missing m JOIN ${keys} k
          ON k.tenant = :tenant AND k.key_name = m.key AND k.digest = m.digest AND k.plain_id = '' WHERE m.plain = ''))`,
    `removed AS (
      DELETE FROM ${keys} k USING w WHERE ${ofProfile}
        AND NOT EXISTS (SELECT 1 FROM given g WHERE g.key = k.key_name AND g.digest = k.digest) RETURNING 1)`,
    `added AS (
      INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
      SELECT :tenant, m.key, m.digest, m.plain, :profile FROM missing m, w ON CONFLICT DO NOTHING RETURNING 1)`,
  ];
}

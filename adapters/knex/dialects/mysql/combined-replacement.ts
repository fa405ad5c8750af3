import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import { type PaddedProbes, type ProbeCounts, padded } from '../../commit/probes.js';
import {
  hasMembers,
  IS_PROFILE,
  isReplaceable,
  isUnchanged,
  keepFoundState,
  type ReplacingExpressions,
  shapeOf,
  type Wanted,
} from '../../sql/replacing.js';
import { type Statement, type Step, statement, type Value } from '../../sql/statement.js';
import { LINE_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { bound } from './bound-values.js';
import { exclusiveLock, sharedLock } from './flavour.js';
import { fitOnePacket } from './packets.js';

/** Compares and searches bytes: texts that differ in trailing blanks alone are equal, and searching characters is slow. */
export const REPLACING: ReplacingExpressions = {
  same: (one, other) => `CAST(${one} AS BINARY) <=> CAST(${other} AS BINARY)`,
  byteLength: (text) => `LENGTH(${text})`,
  has: (document, text) => `LOCATE(CAST(${text} AS BINARY), ${document}) > 0`,
  withCommas,
  lockSchema: sharedLock('s'),
  lockProfile: exclusiveLock('p'),
};

/** The error when a unique entry is taken. */
const DUPLICATE_KEY = 1062;

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const UNICODE = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/**
 * Replaces a profile in one compound statement with a transaction of its own. Returns no row, having done nothing, if the
 * profile needs a look. After an error, its transaction may still be open.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step | undefined {
  const cache = new Map<string, Combined>();
  return (change) => {
    const { history, keys, indexed, values } = change;
    const line = change.probes && padded(change.probes);
    const absent = OPTIONAL.filter((name) => values[name] === undefined);
    const hasKeys = keys.length > 0;
    const shape = `${absent} ${history} ${line && shapeOf(line.counts)} ${hasKeys} ${indexed && shapeOf(indexed.counts)}`;
    const parts = { absent, history, line: line?.counts, hasKeys, indexed: indexed?.counts };
    const combined = cache.get(shape) ?? combinedOf(compound(tables, parts));
    cache.set(shape, combined);
    const given = { change, line, ...entryTexts(change) };
    const all = combined.parameters.map((valueIn) => bound(valueIn(given)));
    return fitOnePacket(all) ? { statement: combined.statement, values: {}, bound: all } : undefined;
  };
}

/** A statement, and where the values of its parameters come from: an object of them all would take longer to build. */
interface Combined {
  readonly statement: Statement;
  readonly parameters: readonly ((given: Given) => Value)[];
}

/** What the parameters are taken from. */
interface Given extends EntryTexts {
  readonly change: CapturedReplacement;
  readonly line: PaddedProbes | undefined;
}

interface EntryTexts {
  readonly rows: string;
  readonly given: string;
  readonly decided: string;
}

function combinedOf(text: string): Combined {
  const made = statement(text);
  return { statement: made, parameters: made.parameters.map(parameterOf) };
}

function parameterOf(name: string): Combined['parameters'][number] {
  const [, place] = /^text_(\d+)$/.exec(name) ?? [];
  if (place !== undefined) return ({ line }) => line?.probes[Number(place)]?.text ?? '';
  if (name === 'pointers') return ({ line }) => line?.probes.map((probe) => `"/${probe?.name}"`).join();
  if (name === 'expected') return ({ line }) => line?.expected;
  if (name === 'count') return ({ change }) => change.entries.length;
  if (name === 'rows' || name === 'given' || name === 'decided') return (given) => given[name];
  return ({ change }) => change.values[name];
}

/** The entries as rows for a table, and as lines to search, as are the keys. */
function entryTexts({ entries, keys }: CapturedReplacement): EntryTexts {
  const upper = entries.map(({ key, digest, plain }) => [key, digest.toUpperCase(), plain]);
  return {
    rows: JSON.stringify(upper),
    given: upper.map(([key, digest]) => `\0${digest}${key}\0`).join(''),
    decided: keys.map((key) => `\0${key}\0`).join(''),
  };
}

/** What few replacements give. Where it is absent, the statement says so, instead of sending it again and again. */
const OPTIONAL = ['extensions', 'if_revision', 'if_created', 'if_updated', 'segment'];

/** What a statement does beside the replacement. */
interface Parts extends Pick<Wanted, 'indexed'> {
  readonly absent: readonly string[];
  readonly history: boolean;
  readonly line: ProbeCounts | undefined;
  readonly hasKeys: boolean;
}

/** What the read of the profile returns: the revision of a row that has what is given, otherwise 0; whether its entries stay. */
const FOUND = { unchanged: 'BIGINT', stays: 'TINYINT' } as const;

/** What a line needs of the former state. Documents as bytes, which are searched faster. */
const FORMER = {
  ...{ revision: 'BIGINT', updated: `VARCHAR(30) ${ASCII}`, segment: `TEXT ${UNICODE}` },
  ...{ attributes: 'LONGBLOB', extensions: 'LONGBLOB' },
} as const;

/** Each statement within costs the server a tenth of the whole, and each variable a hundredth. */
function compound(tables: Tables, { absent, history, line, hasKeys, indexed }: Parts): string {
  const value = (name: string) => parameterText(name, absent);
  const ifGiven = (name: string, condition: string) => (absent.includes(name) ? 'TRUE' : condition);
  const expressions = { ...REPLACING, value, ifGiven };
  const variables = { ...FOUND, ...(line && FORMER) };
  const former = `, p.revision, p.updated_at, p.segment, ${withCommas('p.attributes')}, ${withCommas('p.extensions')}`;
  return `BEGIN NOT ATOMIC
    ${Object.entries(variables)
      .map(([name, type]) => `DECLARE d_${name} ${type};`)
      .join(' ')}
    DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
    START TRANSACTION;
    SELECT IF(${isUnchanged(expressions)}, p.revision, 0), ${hasMembers(expressions, indexed)} ${line ? former : ''}
    INTO ${Object.keys(variables)
      .map((name) => `d_${name}`)
      .join(', ')}
    FROM ${tables.profiles} p
    WHERE ${IS_PROFILE} AND ${isReplaceable(tables, expressions, { documents: line !== undefined })} ${REPLACING.lockProfile};
    IF d_unchanged = 0 THEN
      ${hasKeys ? `IF NOT d_stays THEN ${replaceEntries(tables)} END IF;` : ''}
      ${line ? writeLine(tables, line) : ''}
      ${history ? `${keepFoundState(tables)};` : ''}
      ${writeFoundRow(tables, absent)};
    ELSE
      SELECT 0 AS outcome, p.revision, p.created_at, p.updated_at, p.segment FROM ${tables.profiles} p
      WHERE ${IS_PROFILE} AND p.revision = d_unchanged;
    END IF;
    COMMIT; END`;
}

function parameterText(name: string, absent: readonly string[]): string {
  return absent.includes(name) ? 'NULL' : `:${name}`;
}

/**
 * Makes the row, which exists, what the replacement says, and returns it: MariaDB returns rows from an insertion, not from an
 * update. What it returns beside the former revision is as it is afterwards, which leads to the same result.
 */
function writeFoundRow({ profiles }: Tables, absent: readonly string[]): string {
  const [extensions, ofExtensions] = absent.includes('extensions')
    ? ["''", []]
    : [':extensions', ['extensions', 'extensions_version']];
  const given = ['attributes', 'operation', 'actor', 'reason', 'counterpart', 'attributes_version', ...ofExtensions];
  return `INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, created_at, updated_at, operation, actor,
      reason, counterpart, attributes_version, extensions_version)
    VALUES (:tenant, :profile, 0, ${parameterText('segment', absent)}, :attributes, ${extensions}, '', :at, :operation,
      :actor, :reason, :counterpart, :version, :version)
    ON DUPLICATE KEY UPDATE revision = revision + 1, segment = IF(:keeps = 1, segment, VALUE(segment)),
      updated_at = IF(VALUE(updated_at) > updated_at, VALUE(updated_at), updated_at),
      ${given.map((column) => `${column} = VALUE(${column})`).join(', ')}
    RETURNING 1 AS outcome, revision - 1, created_at, updated_at, segment`;
}

/**
 * Finds the members that differ, by one expression for each probe: a table of probes would cost a tenth of the statement, and
 * so would the expression as a value of the inserted row. Long texts are searched for as they are: only one place of a document begins
 * as they do.
 */
function writeLine({ pending }: Tables, { attributes, extensions }: ProbeCounts): string {
  const pointer = (place: number) => `SUBSTRING_INDEX(SUBSTRING_INDEX(d_pointers, ',', ${place}), ',', -1)`;
  const changed = Array.from({ length: attributes + extensions }, (_, index) => {
    const document = index < attributes ? 'd_attributes' : 'd_extensions';
    return `IF((LOCATE(:text_${index}, ${document}) > 0) = SUBSTR(d_expected, ${index + 1}, 1), NULL, ${pointer(index + 1)})`;
  });
  const segment = `IF(:keeps = 1 OR (CAST(d_segment AS BINARY) <=> CAST(:segment AS BINARY)), NULL, '"/segment"')`;
  return `BEGIN
      DECLARE d_pointers LONGTEXT ${ASCII} DEFAULT :pointers;
      DECLARE d_expected TEXT ${ASCII} DEFAULT :expected;
      DECLARE d_changed LONGTEXT ${ASCII};
      SET d_changed = CONCAT('[', CONCAT_WS(',', ${[...changed, segment].join(', ')}), ']');
      INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
      VALUES (:tenant, :profile, d_revision + 1, IF(:at > d_updated, :at, d_updated), :operation, :actor, :reason, :counterpart,
        0, :origin, d_changed);
    END;`;
}

/** A document in which each member is followed by a comma, as bytes: characters would be counted. */
function withCommas(document: string): string {
  return `CONCAT(LEFT(CAST(${document} AS BINARY), LENGTH(${document}) - 1), ',')`;
}

/**
 * Reads the profile's entries in the snapshot, which begins here: after the lock of the profile, which all that change its
 * entries take. Deletes them by their whole keys: a locking range would also lock the gaps beside them, in which others write.
 *
 * `group_concat_max_len` may truncate the list of those that stay. Then one of them is added again, which the primary key refuses:
 * nothing is replaced.
 */
function replaceEntries({ keys }: Tables): string {
  const own = `k.tenant = :tenant AND k.id = :profile AND LOCATE(CONCAT(X'00', k.key_name, X'00'), :decided) > 0`;
  const line = `CONCAT(X'00', HEX(k.digest), k.key_name, X'00')`;
  const isGiven = `LOCATE(${line}, d_given) > 0`;
  return `
    BEGIN
      DECLARE d_given LONGBLOB DEFAULT :given;
      DECLARE d_staying LONGBLOB;
      DECLARE d_held, d_kept INT;
      SELECT COUNT(*), COALESCE(SUM(${isGiven}), 0), GROUP_CONCAT(IF(${isGiven}, ${line}, NULL) SEPARATOR '')
      INTO d_held, d_kept, d_staying FROM ${keys} k WHERE ${own};
      IF d_kept < d_held THEN
        FOR stale IN (SELECT k.key_name, k.digest, k.plain_id FROM ${keys} k WHERE ${own} AND NOT (${isGiven})) DO
          DELETE FROM ${keys} WHERE tenant = :tenant AND key_name = stale.key_name AND digest = stale.digest
            AND plain_id = stale.plain_id AND id = :profile;
        END FOR;
      END IF;
      IF d_kept < :count THEN
        INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
        SELECT :tenant, c.\`key\`, UNHEX(c.digest), c.plain, :profile FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
          \`key\` VARCHAR(100) ${ASCII} PATH '$[0]', digest CHAR(64) ${ASCII} PATH '$[1]', plain VARCHAR(64) ${ASCII} PATH '$[2]')) c
        WHERE d_staying IS NULL OR LOCATE(CONCAT(X'00', c.digest, c.\`key\`, X'00'), d_staying) = 0;
      END IF;
    END;`;
}

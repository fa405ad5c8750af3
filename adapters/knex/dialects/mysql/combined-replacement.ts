import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import { type PaddedProbes, type ProbeCounts, padded } from '../../commit/probes.js';
import {
  foundRow,
  keepFoundState,
  type ReplacingExpressions,
  shapeOf,
  updateFoundRow,
  type Wanted,
} from '../../sql/replacing.js';
import { type Statement, type Step, statement, type Values } from '../../sql/statement.js';
import { LINE_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
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
 * The documents may be large, so they are sent once, as variables `d_…`. Other parameters are sent wherever they are used, which
 * costs less than a variable.
 */
const DOCUMENTS = { attributes: `LONGTEXT ${UNICODE}`, extensions: `LONGTEXT ${UNICODE}` } as const;

/** What the read of the profile returns. */
const FOUND = {
  differs: 'TINYINT',
  revision: 'BIGINT',
  created: `VARCHAR(30) ${ASCII}`,
  updated: `VARCHAR(30) ${ASCII}`,
  former: `TEXT ${UNICODE}`,
  indexed: 'TINYINT',
} as const;

/** As bytes, which are searched faster. */
const FOUND_DOCUMENTS = { former_attributes: 'LONGBLOB', former_extensions: 'LONGBLOB' } as const;

/**
 * Replaces a profile in one compound statement with a transaction of its own. Returns no row, having done nothing, if the
 * profile needs a look. After an error, its transaction may still be open.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step | undefined {
  const cache = new Map<string, Statement>();
  return (change) => {
    const { history, keys, entries, indexed } = change;
    const line = change.probes && padded(change.probes);
    const values = {
      ...change.values,
      ...(line && lineValues(line)),
      rows: JSON.stringify(entries.map(({ key, digest, plain }) => [key, digest.toUpperCase(), plain])),
      given: entries.map(({ key, digest }) => `\0${digest.toUpperCase()}${key}\0`).join(''),
      decided: keys.map((key) => `\0${key}\0`).join(''),
      count: entries.length,
    };
    if (!fitOnePacket([{ statement: NO_STATEMENT, values: {}, rows: [values] }])) return undefined;
    const hasKeys = keys.length > 0;
    const shape = `${history} ${line && shapeOf(line.counts)} ${hasKeys} ${indexed && shapeOf(indexed.counts)}`;
    const parts = { history, line: line?.counts, hasKeys, indexed: indexed?.counts };
    const combined = cache.get(shape) ?? statement(compound(tables, parts));
    cache.set(shape, combined);
    return { statement: combined, values };
  };
}

const NO_STATEMENT: Statement = { sql: '', parameters: [], columns: [] };

/** What a statement does beside the replacement. */
interface Parts extends Pick<Wanted, 'indexed'> {
  readonly history: boolean;
  readonly line: ProbeCounts | undefined;
  readonly hasKeys: boolean;
}

function compound(tables: Tables, { history, line, hasKeys, indexed }: Parts): string {
  const foundVariables = { ...FOUND, ...(line && FOUND_DOCUMENTS) };
  const value = (name: string) => (name in DOCUMENTS ? variable(name) : `:${name}`);
  const found = foundRow(tables, { ...REPLACING, value }, { documents: line !== undefined, indexed });
  return `BEGIN NOT ATOMIC
    ${Object.entries(DOCUMENTS)
      .map(([name, type]) => `DECLARE d_${name} ${type} DEFAULT :${name};`)
      .join(' ')}
    ${Object.entries(foundVariables)
      .map(([name, type]) => `DECLARE d_${name} ${type};`)
      .join(' ')}
    DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
    START TRANSACTION;
    ${found} INTO ${Object.keys(foundVariables).map(variable).join(', ')};
    ${hasKeys ? `IF d_differs AND NOT d_indexed THEN ${replaceEntries(tables)} END IF;` : ''}
    IF d_differs IS NULL THEN ROLLBACK;
    ELSE
      IF d_differs THEN
        ${line ? writeLine(tables, line) : ''}
        ${history ? `${keepFoundState(tables)};` : ''}
        ${updateFoundRow(tables, value)};
      END IF;
      SELECT d_differs AS outcome, d_revision AS revision, d_created AS created, d_updated AS updated, d_former AS segment;
      COMMIT;
    END IF; END`;
}

/**
 * Finds the members that differ, by one expression for each probe: a table of probes would cost a tenth of the statement, and
 * so would the expression as a value of the row. Long texts are searched for as they are: only one place of a document begins
 * as they do.
 */
function writeLine({ pending }: Tables, { attributes, extensions }: ProbeCounts): string {
  const pointer = (place: number) => `SUBSTRING_INDEX(SUBSTRING_INDEX(d_pointers, ',', ${place}), ',', -1)`;
  const changed = Array.from({ length: attributes + extensions }, (_, index) => {
    const document = index < attributes ? 'd_former_attributes' : 'd_former_extensions';
    return `IF((LOCATE(:text_${index}, ${document}) > 0) = SUBSTR(d_expected, ${index + 1}, 1), NULL, ${pointer(index + 1)})`;
  });
  const segment = `IF(:keeps = 1 OR (CAST(d_former AS BINARY) <=> CAST(:segment AS BINARY)), NULL, '"/segment"')`;
  return `BEGIN
      DECLARE d_pointers LONGTEXT ${ASCII} DEFAULT :pointers;
      DECLARE d_expected TEXT ${ASCII} DEFAULT :expected;
      DECLARE d_changed LONGTEXT ${ASCII};
      SET d_former_attributes = ${withCommas('d_former_attributes')},
        d_former_extensions = ${withCommas('d_former_extensions')},
        d_changed = CONCAT('[', CONCAT_WS(',', ${[...changed, segment].join(', ')}), ']');
      INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
      VALUES (:tenant, :profile, d_revision + 1, IF(:at > d_updated, :at, d_updated), :operation, :actor, :reason, :counterpart,
        0, :origin, d_changed);
    END;`;
}

/** A document in which each member is followed by a comma, as bytes: characters would be counted. */
function withCommas(document: string): string {
  return `CONCAT(LEFT(CAST(${document} AS BINARY), LENGTH(${document}) - 1), ',')`;
}

function lineValues({ probes, expected }: PaddedProbes): Values {
  return {
    ...Object.fromEntries(probes.map((probe, index) => [`text_${index}`, probe?.text ?? ''])),
    pointers: probes.map((probe) => `"/${probe?.name}"`).join(),
    expected,
  };
}

function variable(name: string): string {
  return `d_${name}`;
}

/**
 * Reads the profile's entries in the snapshot, which begins here: after the lock of the profile, which all that change its
 * entries take. It lists the ones to remove, and deletes them by their whole keys: a locking range would also lock the gaps
 * beside them, in which others write.
 *
 * `group_concat_max_len` may truncate both lists. A truncated list of stale entries is no JSON, so that nothing is replaced;
 * by a truncated list of own entries one is added twice, which is a duplicate.
 */
function replaceEntries({ keys }: Tables): string {
  const line = `CONCAT(X'00', HEX(k.digest), k.key_name, X'00')`;
  const isGiven = `LOCATE(${line}, d_given) > 0`;
  const stale = `JSON_ARRAY(CONVERT(k.key_name USING ascii), HEX(k.digest), k.plain_id)`;
  const table = (rows: string) => `JSON_TABLE(${rows}, '$[*]' COLUMNS (
    \`key\` VARCHAR(100) ${ASCII} PATH '$[0]', digest CHAR(64) ${ASCII} PATH '$[1]', plain VARCHAR(64) ${ASCII} PATH '$[2]')) c`;
  return `
    BEGIN
      DECLARE d_given LONGBLOB DEFAULT :given;
      DECLARE d_own LONGBLOB;
      DECLARE d_stale LONGTEXT ${UNICODE};
      DECLARE d_held, d_stale_count, d_removed INT DEFAULT 0;
      SELECT COUNT(*), CONCAT('[', GROUP_CONCAT(IF(${isGiven}, NULL, ${stale})), ']'),
        GROUP_CONCAT(IF(${isGiven}, ${line}, NULL) SEPARATOR '')
      INTO d_held, d_stale, d_own FROM ${keys} k
      WHERE k.tenant = :tenant AND k.id = :profile AND LOCATE(CONCAT(X'00', k.key_name, X'00'), :decided) > 0;
      SET d_stale_count = IF(d_stale IS NULL, 0, IF(JSON_VALID(d_stale), JSON_LENGTH(d_stale), NULL));
      IF d_stale_count > 0 THEN
        DELETE ${keys} FROM ${table('d_stale')} STRAIGHT_JOIN ${keys} ON ${keys}.tenant = :tenant
          AND ${keys}.key_name = c.\`key\` AND ${keys}.digest = UNHEX(c.digest) AND ${keys}.plain_id = c.plain
          AND ${keys}.id = :profile;
        SET d_removed = ROW_COUNT();
      END IF;
      IF NOT (d_removed <=> d_stale_count) THEN SET d_differs = NULL;
      ELSEIF d_held - d_stale_count < :count THEN
        INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
        SELECT :tenant, c.\`key\`, UNHEX(c.digest), c.plain, :profile FROM ${table(':rows')}
        WHERE d_own IS NULL OR LOCATE(CONCAT(X'00', c.digest, c.\`key\`, X'00'), d_own) = 0;
      END IF;
    END;`;
}

import type { CapturedReplacement } from '../../commit/captured-replacement.js';
import type { Probe } from '../../commit/probes.js';
import { foundRow, keepFoundState, type ReplacingExpressions, updateFoundRow } from '../../sql/replacing.js';
import { type Statement, type Step, statement, type Values } from '../../sql/statement.js';
import { LINE_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { exclusiveLock, sharedLock } from './flavour.js';
import { fitOnePacket } from './packets.js';

/** Bytes, since texts compare equal but for trailing blanks. */
export const REPLACING: ReplacingExpressions = {
  same: (one, other) => `CAST(${one} AS BINARY) <=> CAST(${other} AS BINARY)`,
  byteLength: (text) => `LENGTH(${text})`,
  lockSchema: sharedLock('s'),
  lockProfile: exclusiveLock('p'),
};

/** The error when a unique entry is taken. */
const DUPLICATE_KEY = 1062;

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const UNICODE = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** The parameters, each sent once, as variables `d_…`. */
const VARIABLES = {
  tenant: `VARCHAR(64) ${ASCII}`,
  profile: `VARCHAR(64) ${ASCII}`,
  version: 'BIGINT',
  since: 'BIGINT',
  keeps: 'TINYINT',
  segment: `TEXT ${UNICODE}`,
  attributes: `LONGTEXT ${UNICODE}`,
  extensions: `LONGTEXT ${UNICODE}`,
  at: `VARCHAR(30) ${ASCII}`,
  operation: `VARCHAR(32) ${ASCII}`,
  actor: `VARCHAR(256) ${UNICODE}`,
  reason: `VARCHAR(256) ${UNICODE}`,
  counterpart: `VARCHAR(64) ${ASCII}`,
  if_revision: 'BIGINT',
  if_created: `VARCHAR(30) ${ASCII}`,
  if_updated: `VARCHAR(30) ${ASCII}`,
} as const;

const ENTRY_VARIABLES = { rows: `LONGTEXT ${UNICODE}`, given: 'LONGBLOB', decided: 'LONGBLOB', count: 'INT' } as const;

const LINE_VARIABLES = {
  origin: `VARCHAR(64) ${UNICODE}`,
  searchable: 'BIGINT',
  pointers: `LONGTEXT ${ASCII}`,
  expected: `TEXT ${ASCII}`,
} as const;

/** What the read of the profile returns. */
const FOUND = {
  differs: 'TINYINT',
  revision: 'BIGINT',
  created: `VARCHAR(30) ${ASCII}`,
  updated: `VARCHAR(30) ${ASCII}`,
  former: `TEXT ${UNICODE}`,
} as const;

/**
 * Replaces a profile in one compound statement with a transaction of its own. Returns no row, having done nothing, if the
 * profile needs a look. After an error, its transaction may still be open.
 */
export function combinedReplacement(tables: Tables): (change: CapturedReplacement) => Step | undefined {
  const cache = new Map<string, Statement>();
  return (change) => {
    const { history, probes, keys, entries } = change;
    const counts = probes && countsFor(probes);
    const values = { ...change.values, ...(probes && counts && probeValues(probes, counts)) };
    if (!fitOnePacket([{ statement: NO_STATEMENT, values: {}, rows: [values, ...entries] }])) return undefined;
    const hasKeys = keys.length > 0;
    const shape = `${history} ${counts?.attributes} ${counts?.extensions} ${hasKeys}`;
    const combined = cache.get(shape) ?? statement(compound(tables, history, counts, hasKeys), []);
    cache.set(shape, combined);
    const rows = JSON.stringify(entries.map(({ key, digest, plain }) => [key, digest.toUpperCase(), plain]));
    const given = entries.map(({ key, digest }) => `\0${digest.toUpperCase()}${key}\0`).join('');
    const decided = keys.map((key) => `\0${key}\0`).join('');
    return { statement: combined, values: { ...values, rows, given, decided, count: entries.length } };
  };
}

const NO_STATEMENT: Statement = { sql: '', parameters: [], columns: [] };

function compound(tables: Tables, history: boolean, line: ProbeCounts | undefined, hasKeys: boolean): string {
  const parameters = { ...VARIABLES, ...(line && LINE_VARIABLES), ...(hasKeys && ENTRY_VARIABLES) };
  const foundVariables = { ...FOUND, ...(line && FOUND_DOCUMENTS) };
  const declared = [
    ...Object.entries(parameters).map(([name, type]) => `DECLARE d_${name} ${type} DEFAULT :${name};`),
    ...Object.entries(foundVariables).map(([name, type]) => `DECLARE d_${name} ${type};`),
    ...(line ? [`DECLARE d_changed LONGTEXT ${ASCII};`] : []),
    ...(hasKeys ? ENTRIES_FOUND : []),
  ];
  const answer = `SELECT d_differs AS outcome, d_revision AS revision, d_created AS created, d_updated AS updated,
    d_segment AS segment; COMMIT;`;
  const found = foundRow(tables, { ...REPLACING, value: variable }, line !== undefined);
  return `BEGIN NOT ATOMIC ${declared.join(' ')}
    DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
    START TRANSACTION;
    ${found} INTO ${Object.keys(foundVariables).map(variable).join(', ')};
    IF d_keeps THEN SET d_segment = d_former; END IF;
    IF d_differs IS NULL THEN ROLLBACK;
    ELSEIF NOT d_differs THEN ${answer}
    ELSE
      SET d_revision = d_revision + 1, d_updated = IF(d_at > d_updated, d_at, d_updated);
      ${hasKeys ? `${replaceEntries(tables)} IF NOT (d_removed <=> d_stale_count) THEN ROLLBACK; ELSE` : ''}
      ${line ? findChanged(line) : ''}
      ${history ? `${keepFoundState(tables, variable)};` : ''}
      ${updateFoundRow(tables, variable)};
      ${line ? writeLine(tables) : ''}
      ${answer}
      ${hasKeys ? 'END IF;' : ''}
    END IF; END`;
}

/**
 * Finds the members that differ, by one expression for each probe: a table of probes would cost a tenth of the statement.
 * Long texts are searched for as they are: only one place of a document begins as they do.
 */
function findChanged({ attributes, extensions }: ProbeCounts): string {
  const pointer = (place: number) => `SUBSTRING_INDEX(SUBSTRING_INDEX(d_pointers, ',', ${place}), ',', -1)`;
  const changed = Array.from({ length: attributes + extensions }, (_, index) => {
    const document = index < attributes ? 'd_former_attributes' : 'd_former_extensions';
    const isExpected = `SUBSTR(d_expected, ${index + 1}, 1)`;
    return `IF((LOCATE(:text_${index}, ${document}) > 0) = ${isExpected}, NULL, ${pointer(index + 1)})`;
  });
  const segment = `IF(CAST(d_former AS BINARY) <=> CAST(d_segment AS BINARY), NULL, '"/segment"')`;
  return `
    SET d_former_attributes = ${withCommas('d_former_attributes')},
      d_former_extensions = ${withCommas('d_former_extensions')},
      d_changed = CONCAT('[', CONCAT_WS(',', ${[...changed, segment].join(', ')}), ']');`;
}

/** A document in which each member is followed by a comma. */
function withCommas(document: string): string {
  return `CONCAT(LEFT(${document}, CHAR_LENGTH(${document}) - 1), ',')`;
}

/** How many probes a statement has room for. */
interface ProbeCounts {
  readonly attributes: number;
  readonly extensions: number;
}

function countsFor(probes: readonly Probe[]): ProbeCounts {
  const extensions = probes.filter(({ inExtensions }) => inExtensions).length;
  return { attributes: powerOfTwo(probes.length - extensions), extensions: powerOfTwo(extensions) };
}

/** Rounds up, so that few statements are prepared. */
function powerOfTwo(atLeast: number): number {
  return atLeast === 0 ? 0 : 2 ** Math.ceil(Math.log2(atLeast));
}

/** The probes as parameters. Where a statement has room for more, an empty text is searched for, which is always found. */
function probeValues(probes: readonly Probe[], { attributes, extensions }: ProbeCounts): Values {
  const ofAttributes = probes.filter(({ inExtensions }) => !inExtensions);
  const padded = [
    ...Array.from({ length: attributes }, (_, index) => ofAttributes[index]),
    ...Array.from({ length: extensions }, (_, index) => probes[ofAttributes.length + index]),
  ];
  return {
    ...Object.fromEntries(padded.map((probe, index) => [`text_${index}`, probe?.text ?? ''])),
    pointers: padded.map((probe) => `"/${probe?.name}"`).join(),
    expected: padded.map((probe) => ((probe?.expected ?? true) ? 1 : 0)).join(''),
  };
}

function writeLine({ pending }: Tables): string {
  return `INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
    VALUES (d_tenant, d_profile, d_revision, d_updated, d_operation, d_actor, d_reason, d_counterpart, 0, d_origin, d_changed);`;
}

function variable(name: string): string {
  return `d_${name}`;
}

const FOUND_DOCUMENTS = {
  former_attributes: `LONGTEXT ${UNICODE}`,
  former_extensions: `LONGTEXT ${UNICODE}`,
} as const;

const ENTRIES_FOUND = [
  'DECLARE d_stale LONGTEXT;',
  'DECLARE d_own LONGBLOB;',
  'DECLARE d_stale_count, d_own_count, d_removed INT DEFAULT 0;',
];

/**
 * Counts the profile's entries in the snapshot, which begins here: after the lock of the profile, which all that
 * change its entries take. In most replacements its entries are those that are given. Otherwise it lists the ones to remove
 * and deletes them by their whole keys: a locking range would also lock the gaps beside them, in which others write.
 *
 * `group_concat_max_len` may truncate both lists. Of a truncated list of stale entries nothing is removed, and the transaction
 * is rolled back; by a truncated list of own entries one is added twice, which is a duplicate.
 */
function replaceEntries({ keys }: Tables): string {
  const line = `CONCAT(X'00', HEX(k.digest), k.key_name, X'00')`;
  const isGiven = `LOCATE(${line}, d_given) > 0`;
  const stale = `JSON_ARRAY(CONVERT(k.key_name USING ascii), HEX(k.digest), k.plain_id)`;
  const ofProfile = `FROM ${keys} k
    WHERE k.tenant = d_tenant AND k.id = d_profile AND LOCATE(CONCAT(X'00', k.key_name, X'00'), d_decided) > 0`;
  const table = (rows: string) => `JSON_TABLE(${rows}, '$[*]' COLUMNS (
    \`key\` VARCHAR(100) ${ASCII} PATH '$[0]', digest CHAR(64) ${ASCII} PATH '$[1]', plain VARCHAR(64) ${ASCII} PATH '$[2]')) c`;
  return `
    SELECT COUNT(IF(${isGiven}, NULL, 1)), COUNT(IF(${isGiven}, 1, NULL)) INTO d_stale_count, d_own_count ${ofProfile};
    IF d_stale_count > 0 THEN
      SELECT CONCAT('[', GROUP_CONCAT(IF(${isGiven}, NULL, ${stale})), ']') INTO d_stale ${ofProfile};
      IF JSON_LENGTH(d_stale) = d_stale_count THEN
        DELETE ${keys} FROM ${table('d_stale')} STRAIGHT_JOIN ${keys} ON ${keys}.tenant = d_tenant
          AND ${keys}.key_name = c.\`key\` AND ${keys}.digest = UNHEX(c.digest) AND ${keys}.plain_id = c.plain
          AND ${keys}.id = d_profile;
        SET d_removed = ROW_COUNT();
      END IF;
    END IF;
    IF d_own_count < d_count THEN
      SELECT GROUP_CONCAT(IF(${isGiven}, ${line}, NULL) SEPARATOR '') INTO d_own ${ofProfile};
      INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
      SELECT d_tenant, c.\`key\`, UNHEX(c.digest), c.plain, d_profile FROM ${table('d_rows')}
      WHERE d_own IS NULL OR LOCATE(CONCAT(X'00', c.digest, c.\`key\`, X'00'), d_own) = 0;
    END IF;`;
}

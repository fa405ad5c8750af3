import type { PaddedProbes, ProbeCounts } from '../commit/probes.js';
import { type Statement, statement } from './statement.js';
import { HISTORY_TABLE_COLUMNS, presentState, STATE_COLUMNS } from './statements.js';
import type { Tables } from './tables.js';

/** How a dialect writes what differs between the reads of a replacement. */
export interface ReplacingExpressions {
  /** The value of a parameter. Default `:name`. */
  value?(name: string): string;
  /** Whether a condition holds, if a parameter is given. Default `(:name IS NULL OR condition)`. */
  ifGiven?(name: string, condition: string): string;
  /** Whether two texts, which may be null, are equal byte for byte. */
  same(one: string, other: string): string;
  /** The length of a text in bytes. */
  byteLength(text: string): string;
  /** Whether a document contains a text, the beginning of which can occur only once in it. */
  has(document: string, text: string): string;
  /** A document in which each member is followed by a comma. */
  withCommas(document: string): string;
  /** Clauses that lock the row of the schema, and the profile's. */
  readonly lockSchema: string;
  readonly lockProfile: string;
}

/** What a replacement finds out about the stored row, beside what it always does. */
export interface Wanted {
  /** Whether it returns the documents, which must be `searchable`. */
  readonly documents: boolean;
  /** Whether it returns all columns of a former state. */
  readonly state?: boolean | undefined;
  /** The probes `:member_0` and so on, by which entries may be told to stay; absent if they have to be compared. */
  readonly indexed: ProbeCounts | undefined;
}

/**
 * Finds the row of a profile that may be replaced without a look, and compares it → `differs` (1 or 0), `revision`,
 * `created_at`, `updated_at`, `segment`, `indexed`: 1 if its entries are those that are given, 0 if they may be others; then the
 * other columns that are wanted.
 */
export function foundRow(tables: Tables, expressions: ReplacingExpressions, wanted: Wanted): string {
  const { value = nameOf, lockProfile } = expressions;
  return `
    SELECT CASE WHEN ${isUnchanged(expressions)} THEN 0 ELSE 1 END AS differs,
      p.revision, p.created_at, p.updated_at, p.segment, ${hasMembers(expressions, wanted.indexed)} AS indexed
      ${columnsOf(wanted)
        .map((column) => `, p.${column}`)
        .join('')}
    FROM ${tables.profiles} p
    WHERE p.tenant = ${value('tenant')} AND p.id = ${value('profile')} AND ${isReplaceable(tables, expressions, wanted)}
    ${lockProfile}`;
}

/** Whether the row has what the replacement gives. */
export function isUnchanged(expressions: ReplacingExpressions): string {
  const { value = nameOf, ifGiven = orNull(value), same } = expressions;
  return `p.attributes = ${value('attributes')} AND ${ifGiven('extensions', `p.extensions = ${value('extensions')}`)}
      AND (${value('keeps')} = 1 OR ${same('p.segment', value('segment'))})`;
}

/** Whether the row may be replaced without a look. Locks the row of the schema. */
export function isReplaceable(
  { schemas }: Tables,
  expressions: ReplacingExpressions,
  { documents }: Pick<Wanted, 'documents'>,
): string {
  const { value = nameOf, ifGiven = orNull(value), byteLength, lockSchema } = expressions;
  const isExpected = (column: string, name: string) => ifGiven(name, `p.${column} = ${value(name)}`);
  return `p.deleted = 0 AND p.residual IS NULL AND ${isExpected('revision', 'if_revision')}
      AND ${isExpected('created_at', 'if_created')} AND ${isExpected('updated_at', 'if_updated')}
      AND p.attributes_version >= ${value('since')} AND ${ifGiven('extensions', `p.extensions_version >= ${value('since')}`)}
      ${documents ? `AND ${byteLength('p.attributes')} + ${byteLength('p.extensions')} <= ${value('searchable')}` : ''}
      AND ${value('version')} = (SELECT s.version FROM ${schemas} s WHERE s.tenant = ${value('tenant')} ${lockSchema})`;
}

function columnsOf({ documents, state }: Wanted): readonly string[] {
  if (state) return STATE_COLUMNS.filter((column) => !ALWAYS.includes(column));
  return documents ? ['attributes', 'extensions'] : [];
}

const ALWAYS = ['revision', 'created_at', 'updated_at', 'segment'];

/** The most bytes that documents may have together to be searched for the members from which entries are made. */
const MAX_SEARCHED_BYTES = 64 * 1024;

/** 1 if the documents have the members of which the probes tell; 0 also where they are too large to be searched. */
export function hasMembers(expressions: ReplacingExpressions, counts: ProbeCounts | undefined): string {
  if (counts === undefined) return '0';
  const { value = nameOf, byteLength, has, withCommas } = expressions;
  const { attributes, extensions } = counts;
  const found = Array.from({ length: attributes + extensions }, (_, index) => {
    const document = withCommas(index < attributes ? 'p.attributes' : 'p.extensions');
    // A search that fails, as MySQL's may, is neither.
    const isFound = `CASE ${has(document, value(`member_${index}`))} WHEN TRUE THEN '1' WHEN FALSE THEN '0' END`;
    return `${isFound} = substr(${value('members')}, ${index + 1}, 1)`;
  });
  const isLarge = `${byteLength('p.attributes')} + ${byteLength('p.extensions')} > ${MAX_SEARCHED_BYTES}`;
  return `CASE WHEN ${isLarge} THEN 0 WHEN ${found.join(' AND ')} THEN 1 ELSE 0 END`;
}

function nameOf(parameter: string): string {
  return `:${parameter}`;
}

function orNull(value: (name: string) => string): (parameter: string, condition: string) => string {
  return (parameter, condition) => `(${value(parameter)} IS NULL OR ${condition})`;
}

/**
 * The statements of a replacement in several steps.
 *
 * @param held reads all entries of a profile: `:tenant`, `:profile` → `key`, `digest`, `plain`
 */
export function replacingSteps(tables: Tables, expressions: ReplacingExpressions, held: string) {
  return {
    found: cached((wanted: Wanted) => foundRow(tables, expressions, wanted)),
    held: statement(held),
    keep: statement(keepFoundState(tables)),
    update: statement(updateFoundRow(tables)),
  };
}

/** The statements for what is wanted, each made once. */
function cached(
  textOf: (wanted: Wanted) => string,
): (documents: boolean, indexed: PaddedProbes | undefined) => Statement {
  const cache = new Map<string, Statement>();
  return (documents, indexed) => {
    const shape = `${documents} ${indexed && shapeOf(indexed.counts)}`;
    const made = cache.get(shape) ?? statement(textOf({ documents, indexed: indexed?.counts }));
    cache.set(shape, made);
    return made;
  };
}

/** Tells counts apart, as a part of the key by which a statement is kept. */
export function shapeOf({ attributes, extensions }: ProbeCounts): string {
  return `${attributes}+${extensions}`;
}

/** The timestamp of the next state: those of a profile never decrease (H1). */
const NEXT_UPDATED = 'CASE WHEN :at > p.updated_at THEN :at ELSE p.updated_at END';

/** The row of the profile. */
export const IS_PROFILE = 'p.tenant = :tenant AND p.id = :profile';

/** Copies the state that is replaced. The row is locked. */
export function keepFoundState({ profiles, history }: Tables): string {
  return `INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS}) SELECT ${presentState('p')}, ${NEXT_UPDATED}
    FROM ${profiles} p WHERE ${IS_PROFILE}`;
}

/** Makes the row, which is locked, what the replacement says. */
function updateFoundRow({ profiles }: Tables): string {
  return `UPDATE ${profiles} AS p SET revision = revision + 1, segment = CASE WHEN :keeps = 1 THEN segment ELSE :segment END,
      attributes = :attributes, extensions = COALESCE(:extensions, extensions),
      updated_at = ${NEXT_UPDATED}, operation = :operation, actor = :actor, reason = :reason, counterpart = :counterpart,
      attributes_version = :version,
      extensions_version = CASE WHEN :extensions IS NULL THEN extensions_version ELSE :version END
    WHERE ${IS_PROFILE}`;
}

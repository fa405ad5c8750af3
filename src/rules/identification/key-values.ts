import type { AttributesDocument, ExtensionsDocument } from '../../model/documents.js';
import type { ScalarValue } from '../../model/profile.js';
import type { Violations } from '../../model/violation.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { equalJson } from '../json-equality.js';
import { MOST_KEY_CHARACTERS } from '../profile-limits.js';
import { projectContent } from '../projection.js';
import { foldCase } from './case-folding.js';

/** The maximum number of index entries of one profile for one key (R18). */
export const MAX_ENTRIES_PER_KEY = 1_000;

interface KeySources {
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
}

type PartialSources = { readonly [Name in keyof KeySources]?: KeySources[Name] | undefined };

/**
 * A value in the form in which keys compare it (R18): folded if the key ignores case, never by a database's collation
 * (R20). All values of an attribute have the same type, so a `long` stored as a string never equals a number.
 */
export function comparable(value: ScalarValue, caseSensitive: boolean): ScalarValue {
  return typeof value === 'string' && !caseSensitive ? foldCase(value) : value;
}

/**
 * The combinations of values of a profile for one key, in comparable form, each serialized as JSON. A profile or record
 * that lacks an attribute of the key has none (R18). A profile with too many combinations has none either: it is older
 * than the key, whose backfill fails because of it (R21), and every later change that has too many is refused.
 */
export function keyValues(
  key: CompiledKey,
  attributes: AttributesDocument,
  extensions: ExtensionsDocument,
  folded: FoldedTexts = new Map(),
): ReadonlySet<string> {
  const combined = combine(key, { attributes, extensions }, MOST_KEY_CHARACTERS, folded);
  return typeof combined === 'string' ? NONE : combined;
}

const NONE: ReadonlySet<string> = new Set();

/** Texts as keys without regard to case compare them, so that each is folded once, however many keys are on it. */
export type FoldedTexts = Map<string, string>;

/** Of what there is too much. */
type Excess = 'combinations' | 'characters';

/** Whether two states of a profile have the same values for a key. If false, their index entries may still be equal. */
export function hasSameValues(key: CompiledKey, one: KeySources, other: KeySources): boolean {
  const { extension } = key;
  if (extension) {
    return equalJson(recordsOf(one.extensions, extension.name), recordsOf(other.extensions, extension.name));
  }
  return key.attributes.every(({ name }) =>
    equalJson(valuesOf(one.attributes, name), valuesOf(other.attributes, name)),
  );
}

/** The combinations of values of a profile for each key, as by {@link keyValues}. */
export type Combinations = ReadonlyMap<CompiledKey, ReadonlySet<string>>;

/**
 * Checks that a profile does not get too many entries for a key, or too long ones. Multi-valued attributes multiply,
 * and each combination is an entry; so is each record of an extension. What is not given stays as it is.
 *
 * @param maxCharacters the most that the combinations for one key may have together: a long value is in each combination
 *   with others, so that a megabyte would become a gigabyte
 * @returns the combinations for the keys of which there are not too many
 */
export function checkCombinations(
  schema: CompiledSchema,
  { attributes = {}, extensions = {} }: PartialSources,
  maxCharacters: number,
  violations: Violations,
): Combinations {
  const folded: FoldedTexts = new Map();
  const combinations = new Map<CompiledKey, ReadonlySet<string>>();
  for (const key of schema.keys) {
    const sources = { attributes, extensions };
    const combined = combine(key, key.reads ? projectContent(key.reads, sources) : sources, maxCharacters, folded);
    if (combined === 'combinations') {
      const expected = `at most ${MAX_ENTRIES_PER_KEY} combinations of values for the identification key ${key.name}`;
      violations.add('', 'R18', expected);
    } else if (combined === 'characters') {
      const expected = `at most ${maxCharacters} characters in all combinations of values for the identification key ${key.name} (option \`maxKeyCharacters\`)`;
      violations.add('', 'R18', expected);
    } else combinations.set(key, combined);
  }
  return combinations;
}

/** Whether a profile has more combinations of values for a key than can be indexed, or too long ones. */
export function hasTooManyCombinations(key: CompiledKey, sources: KeySources, maxCharacters: number): boolean {
  return typeof combine(key, sources, maxCharacters, new Map()) === 'string';
}

/** Stops as soon as it is too much: a hostile profile has billions of combinations. */
function combine(
  key: CompiledKey,
  { attributes, extensions }: KeySources,
  maxCharacters: number,
  folded: FoldedTexts,
): ReadonlySet<string> | Excess {
  const entries = new Set<string>();
  let characters = 0;
  const sources = key.extension === undefined ? [attributes] : recordsOf(extensions, key.extension.name);
  for (const source of sources) {
    const values = comparableValues(key, source, maxCharacters, folded);
    if (typeof values === 'string') return values;
    for (const combination of combinationsOf(values)) {
      const entry = JSON.stringify(combination);
      if (entries.has(entry)) continue;
      entries.add(entry);
      characters += entry.length;
      if (entries.size > MAX_ENTRIES_PER_KEY) return 'combinations';
      if (characters > maxCharacters) return 'characters';
    }
  }
  return entries;
}

/**
 * The values of each attribute as a key compares them, each once: repeats must not multiply. One empty list where an
 * attribute has none. They have at most {@link MAX_ENTRIES_PER_KEY} combinations.
 */
function comparableValues(
  key: CompiledKey,
  source: AttributesDocument,
  maxCharacters: number,
  folded: FoldedTexts,
): readonly (readonly ScalarValue[])[] | Excess {
  const given: (readonly ScalarValue[])[] = [];
  for (const { name } of key.attributes) {
    const values = valuesOf(source, name);
    if (values.length === 0) return [[]];
    given.push(values);
  }
  const lists: (readonly ScalarValue[])[] = [];
  let count = 1;
  let characters = 0;
  for (const values of given) {
    const distinct = new Set<ScalarValue>();
    for (const value of values) {
      const before = distinct.size;
      const compared = typeof value === 'string' && !key.caseSensitive ? foldOnce(value, folded) : value;
      distinct.add(compared);
      if (distinct.size === before) continue;
      characters += typeof compared === 'string' ? compared.length : 0;
      if (distinct.size * count > MAX_ENTRIES_PER_KEY) return 'combinations';
      if (characters > maxCharacters) return 'characters';
    }
    count *= distinct.size;
    lists.push([...distinct]);
  }
  return lists;
}

function foldOnce(text: string, folded: FoldedTexts): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  const fold = foldCase(text);
  folded.set(text, fold);
  return fold;
}

/** Each combination of one value of each list. */
function combinationsOf(lists: readonly (readonly ScalarValue[])[]): readonly (readonly ScalarValue[])[] {
  let combinations: (readonly ScalarValue[])[] = [[]];
  for (const list of lists) {
    const extended: (readonly ScalarValue[])[] = [];
    for (const combination of combinations) for (const value of list) extended.push([...combination, value]);
    combinations = extended;
  }
  return combinations;
}

/** The values of an attribute as an array, whether it is multi-valued or not. Empty if it has none. */
export function valuesOf(source: AttributesDocument, name: string): readonly ScalarValue[] {
  const value = Object.hasOwn(source, name) ? source[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The records of an extension. Empty if it has none. */
export function recordsOf(extensions: ExtensionsDocument, name: string): readonly AttributesDocument[] {
  return (Object.hasOwn(extensions, name) ? extensions[name] : undefined) ?? [];
}

import type { AttributesDocument, ExtensionsDocument } from '../../model/documents.js';
import type { ScalarValue } from '../../model/profile.js';
import type { Violations } from '../../model/violation.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { equalJson } from '../json-equality.js';
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
): ReadonlySet<string> {
  return hasTooManyCombinations(key, { attributes, extensions })
    ? NONE
    : serializedCombinations(key, { attributes, extensions });
}

const NONE: ReadonlySet<string> = new Set();

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

/**
 * Checks that a profile has at most {@link MAX_ENTRIES_PER_KEY} index entries for each key (R18): one for each
 * combination of the values of multi-valued attributes, or for each record of an extension. Absent parts stay as they
 * are.
 */
export function checkCombinations(
  schema: CompiledSchema,
  { attributes = {}, extensions = {} }: PartialSources,
  violations: Violations,
): void {
  for (const key of schema.keys) {
    if (!hasTooManyCombinations(key, { attributes, extensions })) continue;
    const expected = `at most ${MAX_ENTRIES_PER_KEY} combinations of values for the identification key ${key.name}`;
    violations.add('', 'R18', expected);
  }
}

/** Whether a profile has more combinations of values for a key than can be indexed. */
export function hasTooManyCombinations(key: CompiledKey, sources: KeySources): boolean {
  const { extension } = key;
  if (extension) {
    const records = recordsOf(sources.extensions, extension.name);
    return records.length > MAX_ENTRIES_PER_KEY && serializedCombinations(key, sources).size > MAX_ENTRIES_PER_KEY;
  }
  const product = (valuesFor: (name: string) => readonly ScalarValue[]) =>
    key.attributes.reduce((count, { name }) => count * valuesFor(name).length, 1);
  return (
    product((name) => valuesOf(sources.attributes, name)) > MAX_ENTRIES_PER_KEY &&
    product((name) => comparableValues(key, sources.attributes, name)) > MAX_ENTRIES_PER_KEY
  );
}

function serializedCombinations(key: CompiledKey, { attributes, extensions }: KeySources): ReadonlySet<string> {
  const sources = key.extension === undefined ? [attributes] : recordsOf(extensions, key.extension.name);
  const entries = new Set<string>();
  for (const source of sources) {
    for (const values of combinations(key, source)) entries.add(JSON.stringify(values));
  }
  return entries;
}

function combinations(key: CompiledKey, source: AttributesDocument): ScalarValue[][] {
  let combined: ScalarValue[][] = [[]];
  for (const { name } of key.attributes) {
    const values = comparableValues(key, source, name);
    combined = combined.flatMap((before) => values.map((value) => [...before, value]));
  }
  return combined;
}

/** The values of an attribute in comparable form, without duplicates, which would multiply the combinations. */
function comparableValues(key: CompiledKey, source: AttributesDocument, name: string): readonly ScalarValue[] {
  const values = valuesOf(source, name).map((value) => comparable(value, key.caseSensitive));
  return values.length > 1 ? [...new Set(values)] : values;
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

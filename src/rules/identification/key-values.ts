import type { ScalarValue } from '../../profile.js';
import type { AttributesDocument, ExtensionsDocument } from '../../storage/profile-repository.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { equalJson } from '../json-equality.js';
import type { Violations } from '../violation.js';
import { foldCase } from './case-folding.js';

/** The most entries of one key that one profile can have: each combination of the values of multi-valued attributes. */
export const MAX_ENTRIES_PER_KEY = 1_000;

interface KeySources {
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
}

/**
 * A value as it is compared (R18): by the key's case rule, never by a database's (R20). Values of one attribute are of
 * one type, so that a `long` written as a string is never taken for a number.
 */
export function comparable(value: ScalarValue, caseSensitive: boolean): ScalarValue {
  return typeof value === 'string' && !caseSensitive ? foldCase(value) : value;
}

/**
 * The entries of a profile for one key, each a combination of values as they are compared, written as JSON. A profile or
 * record that lacks one of the attributes has none (R18).
 */
export function keyValues(
  key: CompiledKey,
  attributes: AttributesDocument,
  extensions: ExtensionsDocument,
): ReadonlySet<string> {
  const sources = key.extension === undefined ? [attributes] : recordsOf(extensions, key.extension.name);
  const written = new Set<string>();
  for (const source of sources) {
    for (const values of combinations(key, source)) written.add(JSON.stringify(values));
  }
  return written;
}

/** Whether two states of a profile have the same values for a key, so that they have the same entries; `false` is no promise. */
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
 * Checks that a profile does not get too many entries for a key of its own attributes: multi-valued ones multiply, and
 * each combination is an entry.
 */
export function checkCombinations(
  schema: CompiledSchema,
  attributes: AttributesDocument,
  violations: Violations,
): void {
  for (const key of schema.keys.filter(({ extension }) => !extension)) {
    const count = key.attributes.reduce((product, { name }) => product * valuesOf(attributes, name).length, 1);
    if (count <= MAX_ENTRIES_PER_KEY) continue;
    const expected = `at most ${MAX_ENTRIES_PER_KEY} combinations of values for the identification key ${key.name}`;
    violations.add('', 'R18', expected);
  }
}

function combinations(key: CompiledKey, source: AttributesDocument): ScalarValue[][] {
  let combined: ScalarValue[][] = [[]];
  for (const { name } of key.attributes) {
    const longer: ScalarValue[][] = [];
    for (const before of combined) {
      for (const value of valuesOf(source, name)) longer.push([...before, comparable(value, key.caseSensitive)]);
    }
    combined = longer;
  }
  return combined;
}

/** The values of an attribute as a list, whether it is multi-valued or not; empty where it has none. */
export function valuesOf(source: AttributesDocument, name: string): readonly ScalarValue[] {
  const value = Object.hasOwn(source, name) ? source[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The records of an extension; empty where it has none. */
export function recordsOf(extensions: ExtensionsDocument, name: string): readonly AttributesDocument[] {
  return (Object.hasOwn(extensions, name) ? extensions[name] : undefined) ?? [];
}

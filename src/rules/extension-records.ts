import type { ExtensionsDocument } from '../model/documents.js';
import { isPlainObject } from '../model/plain-object.js';
import type { ExtensionRecord, ScalarValue } from '../model/profile.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { checkAttributes } from './attribute-values.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { equalJson } from './json-equality.js';
import { findByName } from './names.js';

/**
 * Checks the extensions given by a representation, which replace the whole set (R8).
 *
 * @returns the extensions that have records, in the order of the schema; of use only when no violation was added
 */
export function checkExtensions(
  schema: CompiledSchema,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): ExtensionsDocument {
  const given = checkGivenRecords(schema, members, pointer, violations);
  const kept: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const records = given.get(extension);
    if (records && records.length > 0) kept[extension.name] = records;
  }
  return kept;
}

/** Checks records given by the names of their extensions (R2, R8, R11); those of an extension may be none. */
export function checkGivenRecords(
  schema: CompiledSchema,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): ReadonlyMap<CompiledExtension, readonly ExtensionRecord[]> {
  const given = new Map<CompiledExtension, ExtensionRecord[]>();
  for (const [name, value] of members) {
    if (value === undefined) continue;
    const extension = findByName(schema.extensionsByName, name);
    if (!extension) {
      violations.add(pointerTo(pointer, name), 'R11', 'an extension that the schema declares');
    } else if (given.has(extension)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, without regard to case');
    } else {
      given.set(extension, checkRecords(extension, value, pointerTo(pointer, name), violations));
    }
  }
  return given;
}

/** Checks the records given for one extension: a list, a bare record, or none (R8, R10). */
function checkRecords(
  extension: CompiledExtension,
  value: unknown,
  pointer: string,
  violations: Violations,
): ExtensionRecord[] {
  if (value === null) return [];
  if (isPlainObject(value)) return [checkRecord(extension, value, pointer, violations).record];
  if (!Array.isArray(value) || (!extension.multiValued && value.length > 0)) {
    violations.add(
      pointer,
      'R8',
      extension.multiValued ? 'a list of records, a record, or null' : 'one record, or null',
    );
    return [];
  }
  const checked: CheckedRecord[] = [];
  for (const [index, record] of value.entries()) {
    if (violations.full) break;
    checked.push(checkRecord(extension, record, pointerTo(pointer, index), violations));
  }
  checkUnique(extension, checked, pointer, violations);
  return checked.map(({ record }) => record);
}

interface CheckedRecord {
  readonly record: ExtensionRecord;
  /** Whether its unique attributes are known, so that it can be told from others. */
  readonly identifiable: boolean;
}

function checkRecord(
  extension: CompiledExtension,
  record: unknown,
  pointer: string,
  violations: Violations,
): CheckedRecord {
  if (!isPlainObject(record)) {
    violations.add(pointer, 'R8', 'a record: an object of attributes');
    return { record: {}, identifiable: false };
  }
  const { kept, refused } = checkAttributes(extension.attributes, record, pointer, violations);
  const refusedNames = refused.size === 0 ? [] : Array.from(refused, ({ name }) => name);
  // The attributes of an extension are never multi-valued (R10), so what is kept of each is a scalar.
  return {
    record: kept as ExtensionRecord,
    identifiable: !extension.unique.some((name) => refusedNames.includes(name)),
  };
}

function checkUnique(
  extension: CompiledExtension,
  records: readonly CheckedRecord[],
  pointer: string,
  violations: Violations,
): void {
  if (extension.unique.length === 0 || records.length < 2) return;
  const seen = new Set<ScalarValue | null>();
  for (const [index, { record, identifiable }] of records.entries()) {
    if (!identifiable) continue;
    const identity = uniqueIdentity(extension, record);
    if (seen.has(identity)) {
      const expected = `records that differ in ${extension.unique.join(', ')}`;
      violations.add(pointerTo(pointer, index), 'R10', expected);
    }
    seen.add(identity);
  }
}

/**
 * What records of an extension agree on that have the same unique attributes: as kept, missing equal to missing (R10).
 * Most often that is one attribute, whose value serves as it is.
 */
export function uniqueIdentity({ unique }: CompiledExtension, record: ExtensionRecord): ScalarValue | null {
  const kept = (name: string) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null);
  const [first, ...others] = unique;
  return first !== undefined && others.length === 0 ? kept(first) : JSON.stringify(unique.map(kept));
}

/** Records of one extension, put together. */
export interface JoinedRecords {
  readonly records: readonly ExtensionRecord[];
  /** Whether a record took the place of one that differs from it. */
  readonly overridden: boolean;
}

/**
 * Adds records to those of an extension. One that agrees with another on the unique attributes takes its place; a
 * single-valued extension has one record at most, so that any two of it agree. All others are appended (W9, W11).
 */
export function joinRecords(
  extension: CompiledExtension,
  own: readonly ExtensionRecord[],
  added: readonly ExtensionRecord[],
): JoinedRecords {
  if (extension.multiValued && extension.unique.length === 0) return { records: [...own, ...added], overridden: false };
  const identity = (record: ExtensionRecord) => (extension.multiValued ? uniqueIdentity(extension, record) : '');
  // Records that an older schema let in may agree among themselves; the first is meant, as where one is updated (W10).
  const places = new Map(own.map((record, index) => [identity(record), index] as const).reverse());
  const records = [...own];
  let overridden = false;
  for (const record of added) {
    const place = places.get(identity(record)) ?? records.length;
    overridden ||= place < own.length && !equalJson(records[place], record);
    records[place] = record;
    places.set(identity(record), place);
  }
  return { records, overridden };
}

import type { ExtensionsDocument } from '../model/documents.js';
import { isPlainObject } from '../model/plain-object.js';
import type { ExtensionRecord, ScalarValue } from '../model/profile.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { checkAttributes } from './attribute-values.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { equalJson } from './json-equality.js';
import { findByName } from './names.js';

/**
 * Checks the extensions of a representation, which replaces all of them (R8).
 *
 * @returns the extensions that have records, in the order of the schema. Incomplete if a violation was added
 */
export function checkExtensions(
  schema: CompiledSchema,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): ExtensionsDocument {
  const recordsByExtension = checkRecordsByExtension(schema, members, pointer, violations);
  const kept: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const records = recordsByExtension.get(extension);
    if (records && records.length > 0) kept[extension.name] = records;
  }
  return kept;
}

/** Checks an object of records by extension (R2, R8, R11). The list of an extension may be empty. */
export function checkRecordsByExtension(
  schema: CompiledSchema,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): ReadonlyMap<CompiledExtension, readonly ExtensionRecord[]> {
  const recordsByExtension = new Map<CompiledExtension, ExtensionRecord[]>();
  for (const [name, value] of members) {
    if (value === undefined) continue;
    const extension = findByName(schema.extensionsByName, name);
    if (!extension) {
      violations.add(pointerTo(pointer, name), 'R11', 'the name of an extension that the schema declares');
    } else if (recordsByExtension.has(extension)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, ignoring case');
    } else {
      recordsByExtension.set(extension, checkRecords(extension, value, pointerTo(pointer, name), violations));
    }
  }
  return recordsByExtension;
}

/** Checks the records of one extension: an array, a bare record, or `null` for none (R8, R10). */
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
      extension.multiValued ? 'an array of records, a record, or null' : 'one record, or null',
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
  /** Whether its unique attributes are valid, so that it can be compared with other records. */
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
  // The attributes of an extension are never multi-valued (R10), so each value is a scalar.
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
      const expected = `no other record with the same ${extension.unique.join(', ')}`;
      violations.add(pointerTo(pointer, index), 'R10', expected);
    }
    seen.add(identity);
  }
}

/**
 * A value that is equal for two records if and only if they have equal unique attributes, as stored; missing equals
 * missing (R10). For the usual case of one unique attribute it is the attribute's value.
 */
export function uniqueIdentity({ unique }: CompiledExtension, record: ExtensionRecord): ScalarValue | null {
  const kept = (name: string) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null);
  const [first, ...others] = unique;
  return first !== undefined && others.length === 0 ? kept(first) : JSON.stringify(unique.map(kept));
}

/** The result of {@link joinRecords}. */
export interface JoinedRecords {
  readonly records: readonly ExtensionRecord[];
  /** Whether an added record replaced a different one. */
  readonly overridden: boolean;
}

/**
 * Adds records to those of an extension (W9, W11). A record with the unique attributes of an existing one replaces it;
 * in a single-valued extension, any record replaces the existing one. All other records are appended.
 */
export function joinRecords(
  extension: CompiledExtension,
  own: readonly ExtensionRecord[],
  added: readonly ExtensionRecord[],
): JoinedRecords {
  if (extension.multiValued && extension.unique.length === 0) return { records: [...own, ...added], overridden: false };
  const identity = (record: ExtensionRecord) => (extension.multiValued ? uniqueIdentity(extension, record) : '');
  // Records stored under an older schema may repeat unique attributes: the first one counts, as in an update (W10).
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

import type { ExtensionsDocument } from '../model/documents.js';
import { isNamedArray, isPlainObject } from '../model/guards.js';
import type { ExtensionRecord, ScalarValue } from '../model/profile.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { acceptAttributes, checkAttributes } from './attribute-values.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { checkRecordCount } from './constraints/index.js';
import { DocumentSize, MEMBER_BYTES } from './document-size.js';
import { equalJson } from './json-equality.js';
import { findByName, foldName } from './names.js';

/**
 * Checks the extensions given by a representation, which replace the whole set (R8).
 *
 * @param size counts the document that is kept; beyond its limit, the rest is not looked at
 * @returns the extensions that have records, in the order of the schema; of use only when no violation was added
 */
export function checkExtensions(
  schema: CompiledSchema,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
  size: DocumentSize = new DocumentSize(),
): ExtensionsDocument {
  const recordsByExtension = checkRecordsByExtension(schema, members, pointer, violations, size);
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
  size: DocumentSize = new DocumentSize(),
): ReadonlyMap<CompiledExtension, readonly ExtensionRecord[]> {
  const recordsByExtension = new Map<CompiledExtension, readonly ExtensionRecord[]>();
  size.bytes += 1;
  for (const [name, value] of members) {
    if (value === undefined) continue;
    if (violations.full || size.exceeded) break;
    const extension = findByName(schema.extensionsByName, name);
    if (!extension) {
      violations.add(pointerTo(pointer, name), ...unknownExtension(schema, name));
    } else if (recordsByExtension.has(extension)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, ignoring case');
    } else {
      const records = checkRecords(extension, value, pointerTo(pointer, name), violations, size);
      recordsByExtension.set(extension, records);
      if (records.length === 0) continue;
      // With the bracket that opens the list; each record was counted with what follows it.
      size.bytes += extension.name.length + MEMBER_BYTES + 1;
    }
  }
  if (size.bytes === 1) size.bytes += 1;
  return recordsByExtension;
}

/** The rule that an unknown name breaks, and what was expected. */
function unknownExtension(schema: CompiledSchema, name: string): [rule: string, expected: string] {
  const renamed = schema.extensionsByStoredName.get(foldName(name));
  return renamed
    ? ['R26', `the present name of this extension: ${renamed.name}`]
    : ['R11', 'the name of an extension that the schema declares'];
}

/** Checks the records of one extension: an array, a bare record, or `null` for none (R8, R10, R24). */
function checkRecords(
  extension: CompiledExtension,
  value: unknown,
  pointer: string,
  violations: Violations,
  size: DocumentSize,
): readonly ExtensionRecord[] {
  if (value === null) return [];
  if (!Array.isArray(value)) {
    if (isPlainObject(value)) {
      const { record } = checkRecord(extension, value, pointer, violations, size);
      size.bytes += 1;
      return [record];
    }
  } else if ((extension.multiValued || value.length === 0) && !isNamedArray(value))
    return checkList(extension, value, pointer, violations, size);
  violations.add(pointer, 'R8', extension.multiValued ? 'a list of records, a record, or null' : 'one record, or null');
  return [];
}

function checkList(
  extension: CompiledExtension,
  list: readonly unknown[],
  pointer: string,
  violations: Violations,
  size: DocumentSize,
): readonly ExtensionRecord[] {
  const records: ExtensionRecord[] = [];
  const unidentifiable = new Set<number>();
  for (let index = 0; index < list.length && !violations.full && !size.exceeded; index += 1) {
    const recordsByExtension = list[index];
    const accepted = isPlainObject(recordsByExtension)
      ? acceptAttributes(extension.attributes, recordsByExtension, size)
      : undefined;
    if (accepted) records.push(isEmpty(accepted) ? NO_VALUES : (accepted as ExtensionRecord));
    else {
      const { record, identifiable } = checkRecord(
        extension,
        recordsByExtension,
        pointerTo(pointer, index),
        violations,
        size,
      );
      records.push(record);
      if (!identifiable) unidentifiable.add(index);
    }
    size.bytes += 1;
  }
  checkUnique(extension, records, unidentifiable, pointer, violations);
  checkRecordCount(extension.maxRecords, list.length, pointer, violations);
  return records;
}

/** One object for all empty records: a text of 1 MiB has room for so many that each alone would take many megabytes. */
const NO_VALUES: ExtensionRecord = Object.freeze({});

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
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
  size: DocumentSize,
): CheckedRecord {
  if (!isPlainObject(record)) {
    violations.add(pointer, 'R8', 'a record: an object of attributes');
    return { record: {}, identifiable: false };
  }
  const { kept, refused } = checkAttributes(extension.attributes, record, pointer, violations, size);
  const refusedNames = new Set(Array.from(refused, ({ name }) => name));
  // The attributes of an extension are never multi-valued (R10), so each value is a scalar.
  return {
    record: kept as ExtensionRecord,
    identifiable: !extension.unique.some((name) => refusedNames.has(name)),
  };
}

function checkUnique(
  extension: CompiledExtension,
  records: readonly ExtensionRecord[],
  unidentifiable: ReadonlySet<number>,
  pointer: string,
  violations: Violations,
): void {
  if (extension.unique.length === 0 || records.length < 2) return;
  const seen = new Set<ScalarValue | null>();
  for (const [index, record] of records.entries()) {
    if (violations.full) break;
    if (unidentifiable.has(index)) continue;
    const identity = uniqueIdentity(extension, record);
    if (seen.has(identity))
      violations.add(pointerTo(pointer, index), 'R10', `records that differ in ${namesOf(extension)}`);
    seen.add(identity);
  }
}

const SHOWN_NAMES = 5;

function namesOf({ unique }: CompiledExtension): string {
  const more = unique.length - SHOWN_NAMES;
  return unique.slice(0, SHOWN_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** How many records agree with one before them on the unique attributes. */
export function countAgreeing(extension: CompiledExtension, records: readonly ExtensionRecord[]): number {
  if (extension.unique.length === 0) return 0;
  return records.length - new Set(records.map((record) => uniqueIdentity(extension, record))).size;
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
  const places = new Map<ScalarValue | null, number>();
  for (let index = own.length - 1; index >= 0; index -= 1) places.set(identity(own[index] ?? {}), index);
  const records = [...own];
  let overridden = false;
  for (const record of added) {
    const identified = identity(record);
    const place = places.get(identified) ?? records.length;
    overridden ||= place < own.length && !equalJson(records[place], record);
    records[place] = record;
    places.set(identified, place);
  }
  return { records, overridden };
}

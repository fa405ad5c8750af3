import type { ExtensionsDocument } from '../model/documents.js';
import { isPlainObject } from '../model/plain-object.js';
import type { ExtensionRecord } from '../model/profile.js';
import { Violations } from '../model/violation.js';
import type { CompiledSchema } from './compiled-schema.js';
import type { Decision } from './decision.js';
import { checkRecordsByExtension, joinRecords } from './extension-records.js';
import { checkCombinations } from './identification/key-values.js';
import { equalJson } from './json-equality.js';
import { projectExtensionsDocument } from './projection.js';
import type { CurrentState } from './replacement.js';

/** Records to insert, by the name of their extension: an array of records, a bare record, or `null` for none (W9). */
export type RecordsByExtension = Readonly<Record<string, unknown>>;

/**
 * Decides an insertion of extension records (W9). In a multi-valued extension, a record replaces the one with the same
 * unique attributes, or is appended if there is none. In a single-valued extension, it replaces the record. Other
 * extensions, and the attributes, stay as they are.
 */
export function decideInsertion(schema: CompiledSchema, current: CurrentState, records: RecordsByExtension): Decision {
  const violations = new Violations();
  if (!isPlainObject(records)) violations.add('', 'W9', 'an object of records by extension name');
  const checked = checkRecordsByExtension(
    schema,
    isPlainObject(records) ? Object.entries(records) : [],
    '',
    violations,
  );
  if (violations.count > 0) return { kind: 'refused', violations: violations.items };

  const before = projectExtensionsDocument(schema.stored, current.extensions ?? {});
  const after = new Map<string, readonly ExtensionRecord[]>(Object.entries(before));
  for (const [extension, inserted] of checked) {
    const { records: joined } = joinRecords(extension, after.get(extension.name) ?? [], inserted);
    if (joined.length > 0) after.set(extension.name, joined);
  }
  const extensions = Object.fromEntries(after);
  checkCombinations(schema, { extensions }, violations);
  if (violations.count > 0) return { kind: 'refused', violations: violations.items };
  return changedExtensions(current, before, extensions);
}

/** The decision about a change of the extensions only. */
export function changedExtensions(
  { attributes }: CurrentState,
  before: ExtensionsDocument,
  after: ExtensionsDocument,
): Decision {
  return equalJson(before, after) ? { kind: 'unchanged' } : { kind: 'changed', attributes, extensions: after };
}

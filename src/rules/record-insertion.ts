import type { ExtensionsDocument, StoredContent } from '../model/documents.js';
import { isPlainObject } from '../model/guards.js';
import type { ExtensionRecord } from '../model/profile.js';
import { pointerTo, Violations } from '../model/violation.js';
import type { CompiledSchema } from './compiled-schema.js';
import { checkRecordCount } from './constraints/index.js';
import { type Decision, withinLimit } from './decision.js';
import { DocumentSize } from './document-size.js';
import { checkRecordsByExtension, joinRecords } from './extension-records.js';
import { checkCombinations } from './identification/key-values.js';
import { equalJson } from './json-equality.js';
import { foldName } from './names.js';
import { NO_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.js';
import { projectExtensionsDocument } from './projection.js';

/** Records to insert, by the name of their extension: an array of records, a bare record, or `null` for none (W9). */
export type RecordsByExtension = Readonly<Record<string, unknown>>;

/**
 * Checks records to insert, and returns what decides their insertion into a profile (W9). In a multi-valued extension a
 * record takes the place of the one with which it agrees on the unique attributes, and is appended where there is none; a
 * single-valued one is set. Extensions that are not named stay as they are, and so do the attributes.
 */
export function checkInsertion(
  schema: CompiledSchema,
  records: RecordsByExtension,
  { maxProfileBytes, maxKeyCharacters }: ProfileLimits = NO_PROFILE_LIMITS,
): (current: StoredContent) => Decision {
  const violations = new Violations();
  if (!isPlainObject(records)) violations.add('', 'W9', 'an object of records by extension name');
  const size = new DocumentSize(maxProfileBytes);
  const checked = checkRecordsByExtension(
    schema,
    isPlainObject(records) ? Object.entries(records) : [],
    '',
    violations,
    size,
  );
  if (violations.count > 0) return () => ({ kind: 'refused', violations: violations.items });
  // No two of them can be one record, so all of them would be kept.
  if (size.exceeded) return () => ({ kind: 'too_large', document: 'extensions' });

  return (current) => {
    const before = projectExtensionsDocument(schema.stored, current.extensions ?? {}, current.residual?.extensions);
    const after = new Map<string, readonly ExtensionRecord[]>(Object.entries(before));
    const found = new Violations();
    for (const [extension, inserted] of checked) {
      const { records: joined } = joinRecords(extension, after.get(extension.name) ?? [], inserted);
      if (joined.length > 0) after.set(extension.name, joined);
      if (inserted.length > 0) {
        const pointer = pointerTo('', givenName(records, extension.name));
        checkRecordCount(extension.maxRecords, joined.length, pointer, found);
      }
    }
    const extensions = Object.fromEntries(after);
    checkCombinations(schema, { extensions }, maxKeyCharacters, found);
    if (found.count > 0) return { kind: 'refused', violations: found.items };
    return withinLimit(changedExtensions(current, before, extensions), maxProfileBytes);
  };
}

/** The name of an extension in the case of the input. */
function givenName(records: RecordsByExtension, name: string): string {
  return Object.keys(records).find((given) => foldName(given) === foldName(name)) ?? name;
}

/** The decision about a change of the extensions only. */
export function changedExtensions(
  { attributes }: StoredContent,
  before: ExtensionsDocument,
  after: ExtensionsDocument,
): Decision {
  return equalJson(before, after) ? { kind: 'unchanged' } : { kind: 'changed', attributes, extensions: after };
}

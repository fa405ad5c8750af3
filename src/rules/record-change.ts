import type { ExtensionsDocument, StoredContent } from '../model/documents.js';
import { isPlainObject } from '../model/guards.js';
import type { AttributeValue, ExtensionRecord } from '../model/profile.js';
import { pointerTo, Violations } from '../model/violation.js';
import { type CheckedMembers, checkMembers, checkStored, gatherValues } from './attribute-values.js';
import {
  type CompiledAttribute,
  type CompiledExtension,
  type CompiledSchema,
  mapAttributes,
} from './compiled-schema.js';
import { type Decision, withinLimit } from './decision.js';
import { uniqueIdentity } from './extension-records.js';
import { checkCombinations, recordsOf } from './identification/key-values.js';
import { foldName } from './names.js';
import { NO_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.js';
import { projectExtensionsDocument } from './projection.js';
import { changedExtensions } from './record-insertion.js';

/**
 * The attributes of a record: all unique ones, which identify the record, and those to change (W10). `null` as the
 * value of a unique attribute identifies a record that lacks it; as the value of another attribute it clears that
 * attribute.
 */
export type RecordPatch = Readonly<Record<string, unknown>>;

/** The decision about a change of one record, which may not exist. */
export type RecordDecision = Decision | { readonly kind: 'no_such_record' };

/**
 * Decides an update of the record that the unique attributes find (W10), and which it keeps. Others that are given
 * change it, `null` clears to the default where there is one, and those not given stay. All violations are reported
 * together, those of the record as it would be among them (R11).
 */
export function decideRecordUpdate(
  schema: CompiledSchema,
  extension: CompiledExtension,
  current: StoredContent,
  input: RecordPatch,
  { maxProfileBytes, maxKeyCharacters }: ProfileLimits = NO_PROFILE_LIMITS,
): RecordDecision {
  const violations = new Violations();
  const checked = checkMembers(extension.attributes, membersOf(input, violations), '', violations);
  requireUnique(extension, checked, violations);
  const found = isIdentified(extension, checked) ? locate(schema, extension, current, checked) : undefined;
  if (!found) {
    checkCleared(extension, checked, violations);
    return refusedOr(violations, { kind: 'no_such_record' });
  }
  const updated = update(extension, found.record, checked, violations);
  const decision = putInPlace(extension, current, found, [updated]);
  if (decision.kind === 'changed') {
    checkCombinations(schema, { extensions: decision.extensions ?? {} }, maxKeyCharacters, violations);
  }
  return refusedOr(violations, withinLimit(decision, maxProfileBytes));
}

/** Whether all unique attributes are given, and none of them is refused. */
function isIdentified({ attributes, unique }: CompiledExtension, { values, refused }: CheckedMembers): boolean {
  return unique.every((name) => {
    const attribute = attributes.byName.get(name);
    return attribute !== undefined && values.has(attribute) && !refused.has(attribute);
  });
}

/** Where no record is found, what is cleared and mandatory is a violation all the same (R9, R11). */
function checkCleared(
  { attributes, unique }: CompiledExtension,
  { values, refused }: CheckedMembers,
  violations: Violations,
): void {
  const identifying = new Set(unique);
  const cleared = attributes.inOrder.filter(
    (one) => values.has(one) && !refused.has(one) && !identifying.has(one.name),
  );
  const valueFor = (attribute: CompiledAttribute) => values.get(attribute) ?? attribute.default;
  gatherValues({ inOrder: cleared }, valueFor, refused, '', violations);
}

/** Decides the deletion of the record that the unique attributes identify. Other attributes are ignored (W10). */
export function decideRecordDeletion(
  schema: CompiledSchema,
  extension: CompiledExtension,
  current: StoredContent,
  input: RecordPatch,
): RecordDecision {
  const violations = new Violations();
  const unique = new Set(extension.unique.map(foldName));
  const members = Object.fromEntries(
    Object.entries(membersOf(input, violations)).filter(([name]) => unique.has(foldName(name))),
  );
  // By type alone: a record that breaks a constraint of today's schema can be deleted.
  const unconstrained = mapAttributes(extension.attributes, (one) => ({ ...one, constraints: undefined }));
  const checked = checkMembers(unconstrained, members, '', violations);
  requireUnique(extension, checked, violations);
  const found = violations.count === 0 && locate(schema, extension, current, checked);
  return refusedOr(violations, found ? putInPlace(extension, current, found, []) : { kind: 'no_such_record' });
}

function membersOf(input: unknown, violations: Violations): Readonly<Record<string, unknown>> {
  if (isPlainObject(input)) return input;
  violations.add('', 'W10', 'an object of attributes');
  return {};
}

/** Each unique attribute must be in the input: `null` identifies a record that lacks it (W10). */
function requireUnique(extension: CompiledExtension, { values }: CheckedMembers, violations: Violations): void {
  const names = new Set(Array.from(values.keys(), ({ name }) => name));
  for (const name of extension.unique.filter((unique) => !names.has(unique))) {
    violations.add(pointerTo('', name), 'W10', 'a value or null: a unique attribute that identifies the record');
  }
}

interface Located {
  readonly extensions: ExtensionsDocument;
  readonly records: readonly ExtensionRecord[];
  readonly index: number;
  readonly record: ExtensionRecord;
}

function locate(
  schema: CompiledSchema,
  extension: CompiledExtension,
  current: StoredContent,
  { values }: CheckedMembers,
): Located | undefined {
  const extensions = projectExtensionsDocument(schema.stored, current.extensions ?? {}, current.residual?.extensions);
  const records = recordsOf(extensions, extension.name) as readonly ExtensionRecord[];
  const wanted = uniqueIdentity(extension, toRecord(values));
  const index = records.findIndex((record) => uniqueIdentity(extension, record) === wanted);
  const record = records[index];
  return record && { extensions, records, index, record };
}

/** The attributes of an extension are never multi-valued (R10), so each value is a scalar. */
function toRecord(values: ReadonlyMap<CompiledAttribute, AttributeValue | undefined>): ExtensionRecord {
  const present = [...values].filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([{ name }, value]) => [name, value])) as ExtensionRecord;
}

function update(
  { attributes, unique }: CompiledExtension,
  record: ExtensionRecord,
  { values, refused }: CheckedMembers,
  violations: Violations,
): ExtensionRecord {
  const stored = new Map(Object.entries(record));
  // Unique attributes stay as stored: a default in their place could make the record repeat another one (R10).
  const identifying = new Set(unique);
  const isChanged = (attribute: CompiledAttribute) => values.has(attribute) && !identifying.has(attribute.name);
  const valueFor = (attribute: CompiledAttribute) =>
    isChanged(attribute) ? (values.get(attribute) ?? attribute.default) : stored.get(attribute.name);
  const declared = gatherValues(attributes, valueFor, refused, '', violations);
  checkStored(
    attributes.inOrder.filter((attribute) => !values.has(attribute)),
    declared,
    '',
    violations,
  );
  return declared as ExtensionRecord;
}

function putInPlace(
  { name }: CompiledExtension,
  current: StoredContent,
  { extensions, records, index }: Located,
  successors: readonly ExtensionRecord[],
): Decision {
  const next = records.toSpliced(index, 1, ...successors);
  const { [name]: _, ...others } = extensions;
  return changedExtensions(current, extensions, next.length > 0 ? { ...extensions, [name]: next } : others);
}

function refusedOr(violations: Violations, decision: RecordDecision): RecordDecision {
  return violations.count > 0 ? { kind: 'refused', violations: violations.items } : decision;
}

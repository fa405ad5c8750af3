import type { AttributesDocument, ExtensionsDocument, ResidualDocument, StoredContent } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord } from '../model/profile.js';
import type { CompiledAttributes, CompiledExtension, CompiledExtensions, CompiledSchema } from './compiled-schema.js';
import { uniqueIdentity } from './extension-records.js';
import { equalJson } from './json-equality.js';
import { foldName } from './names.js';
import {
  answeredRecords,
  answeredValue,
  fittingRecords,
  fittingValue,
  isCurrent,
  projectAttributesDocument,
  type Standing,
  standingIn,
} from './projection.js';

/** The next documents of a profile, by the schema. */
export interface NextContent {
  readonly attributes: AttributesDocument;
  /** Absent if they stay as they are (R7). */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Values that become residual where none is stored under their names. */
  readonly residual?: ResidualDocument | undefined;
}

/**
 * The stored values that the schema does not know (R23): attributes and extensions without a definition that they fit, or
 * under a former name of one that has another value (R26), and the members of records likewise, as records of these members
 * alone.
 */
export function residualOf(schema: CompiledSchema, stored: StoredContent): ResidualDocument | undefined {
  const attributes = residualAttributes(schema, stored);
  const standing = standingIn(stored.extensions ?? {}, stored.residual?.extensions);
  const ofRecords = Object.entries(stored.extensions ?? {}).flatMap(([name, records]) => {
    const extension = answeringExtension(schema.stored, standing, name, records);
    if (!extension) return [];
    const residual = records.map((record) => residualMembers(extension, record)).filter(hasMembers);
    return residual.length > 0 ? [[name, residual] as const] : [];
  });
  return residualDocument(attributes, { ...Object.fromEntries(ofRecords), ...residualExtensions(schema, stored) });
}

/** The part of {@link residualOf} that does not stand in records. */
export function residualDocumentOf(schema: CompiledSchema, stored: StoredContent): ResidualDocument | undefined {
  return residualDocument(residualAttributes(schema, stored), residualExtensions(schema, stored));
}

/**
 * The residual values of one profile that move to another, which has none under their names. Those in records go with the
 * records.
 */
export function movedResidual(
  schema: CompiledSchema,
  source: StoredContent,
  destination: StoredContent,
): ResidualDocument | undefined {
  const moved = residualDocumentOf(schema, source);
  if (moved === undefined) return undefined;
  const { attributes = {}, extensions = {} } = moved;
  const other = residualOf(schema, destination) ?? {};
  return residualDocument(
    without(attributes, (name) => Object.hasOwn(other.attributes ?? {}, name)),
    without(extensions, (name) => Object.hasOwn(other.extensions ?? {}, name)),
  );
}

/**
 * What a change keeps of the residual values of a profile (R23): all of them, except that a value given for a retyped
 * attribute takes the place of the residual one, and that those in a record stay and go with the record. What clears an
 * attribute or extension clears it under its former names as well (R26): none of them may come up in its place.
 */
export function keepResidual(
  schema: CompiledSchema,
  stored: StoredContent,
  next: NextContent,
): Pick<NextContent, 'extensions' | 'residual'> {
  const { extensions, residual } = next;
  const attributes =
    next.attributes === stored.attributes
      ? (stored.residual?.attributes ?? {})
      : without(residualAttributes(schema, stored), (name, value) =>
          yields(schema.attributes, next.attributes, name, value),
        );
  const lists =
    extensions === undefined || extensions === stored.extensions
      ? (stored.residual?.extensions ?? {})
      : without(residualExtensions(schema, stored), (name, records) => yieldsTo(schema, extensions, name, records));
  return {
    extensions: extensions && keepResidualMembers(schema, stored.extensions ?? {}, extensions),
    residual: residualDocument({ ...residual?.attributes, ...attributes }, { ...residual?.extensions, ...lists }),
  };
}

/**
 * Whether a residual value goes with the next attributes: one that does not fit, where a value is given; one that fits, and
 * was covered, where there is no value any more. A value that equals the default is taken for the default, which is answered
 * above a residual value.
 */
function yields(
  { byStoredName }: CompiledAttributes,
  next: AttributesDocument,
  name: string,
  value: AttributeValue,
): boolean {
  const attribute = byStoredName.get(foldName(name));
  if (attribute === undefined) return false;
  const hasValue = Object.hasOwn(next, attribute.name);
  if (fittingValue(attribute, value) !== undefined) return !hasValue;
  return hasValue && (attribute.default === undefined || !equalJson(next[attribute.name], attribute.default));
}

/** Whether residual records go with the next extensions, likewise. */
function yieldsTo(
  schema: CompiledSchema,
  next: ExtensionsDocument,
  name: string,
  records: readonly ExtensionRecord[],
): boolean {
  const extension = schema.stored.extensionsByStoredName.get(foldName(name));
  if (extension === undefined) return false;
  return Object.hasOwn(next, extension.name) !== (fittingRecords(extension, records) !== undefined);
}

function residualAttributes(schema: CompiledSchema, { attributes, residual }: StoredContent): AttributesDocument {
  const standing = standingIn(attributes, residual?.attributes);
  const answered = (name: string, value: AttributeValue) => isAnswered(schema.attributes, standing, name, value);
  return { ...without(residual?.attributes ?? {}, answered), ...without(attributes, answered) };
}

function residualExtensions(schema: CompiledSchema, { extensions = {}, residual }: StoredContent): ExtensionsDocument {
  const standing = standingIn(extensions, residual?.extensions);
  return without({ ...residual?.extensions, ...extensions }, (name, records) => {
    return records.length === 0 || answeringExtension(schema.stored, standing, name, records) !== undefined;
  });
}

function residualMembers({ attributes }: CompiledExtension, record: ExtensionRecord): ExtensionRecord {
  // The usual case, and far faster: a profile may have hundreds of thousands of records.
  if (isCurrent(attributes, record)) return NO_MEMBERS;
  const standing = standingIn<AttributeValue>(record, undefined);
  return without(record, (name, value) => isAnswered(attributes, standing, name, value));
}

const NO_MEMBERS: ExtensionRecord = Object.freeze({});

function isAnswered(
  { byStoredName }: CompiledAttributes,
  standing: Standing<AttributeValue>,
  name: string,
  value: AttributeValue,
): boolean {
  const attribute = byStoredName.get(foldName(name));
  if (attribute === undefined || fittingValue(attribute, value) === undefined) return false;
  return answeredValue(attribute, standing)?.storedName === foldName(name);
}

/** The extension whose answered records these are. */
function answeringExtension(
  { extensionsByStoredName }: CompiledExtensions,
  standing: Standing<readonly ExtensionRecord[]>,
  name: string,
  records: readonly ExtensionRecord[],
): CompiledExtension | undefined {
  const extension = extensionsByStoredName.get(foldName(name));
  if (extension === undefined || fittingRecords(extension, records) === undefined) return undefined;
  return answeredRecords(extension, standing)?.storedName === foldName(name) ? extension : undefined;
}

/** Adds to each record the residual members of the stored one that it succeeds. */
export function keepResidualMembers(
  schema: CompiledSchema,
  stored: ExtensionsDocument,
  next: ExtensionsDocument,
): ExtensionsDocument {
  const standing = standingIn(stored, undefined);
  const kept = Object.entries(next).map(([name, records]) => {
    const extension = schema.stored.extensionsByStoredName.get(foldName(name));
    const former = extension && answeredRecords(extension, standing)?.answered;
    if (!former || former === records) return [name, records] as const;
    return [name, succeed(extension, former, records)] as const;
  });
  return Object.fromEntries(kept);
}

function succeed(
  extension: CompiledExtension,
  stored: readonly ExtensionRecord[],
  records: readonly ExtensionRecord[],
): readonly ExtensionRecord[] {
  const residual = new Map<unknown, ExtensionRecord[]>();
  for (const record of stored) {
    const members = residualMembers(extension, record);
    if (!hasMembers(members)) continue;
    const known = projectAttributesDocument(extension.attributes, record) as ExtensionRecord;
    const identity = identityOf(extension, known);
    residual.set(identity, [...(residual.get(identity) ?? []), members]);
  }
  if (residual.size === 0) return records;
  return records.map((record) => {
    const members = residual.get(identityOf(extension, record))?.shift();
    if (members === undefined) return record;
    return { ...without(members, (name, value) => yields(extension.attributes, record, name, value)), ...record };
  });
}

/** What a record and its successor agree on: the unique attributes, or all known ones where there are none. */
function identityOf(extension: CompiledExtension, record: ExtensionRecord): unknown {
  if (!extension.multiValued) return '';
  if (extension.unique.length > 0) return uniqueIdentity(extension, record);
  return JSON.stringify(
    extension.attributes.inOrder.map(({ name }) => (Object.hasOwn(record, name) ? record[name] : null)),
  );
}

function residualDocument(
  attributes: AttributesDocument,
  extensions: ExtensionsDocument,
): ResidualDocument | undefined {
  if (!hasMembers(attributes) && !hasMembers(extensions)) return undefined;
  return { ...(hasMembers(attributes) && { attributes }), ...(hasMembers(extensions) && { extensions }) };
}

function without<Value>(
  document: Readonly<Record<string, Value>>,
  isLeftOut: (name: string, value: Value) => boolean,
): Readonly<Record<string, Value>> {
  const kept = Object.entries(document).filter(([name, value]) => !isLeftOut(name, value));
  return kept.length === Object.keys(document).length ? document : Object.fromEntries(kept);
}

function hasMembers(document: object): boolean {
  for (const _ in document) return true;
  return false;
}

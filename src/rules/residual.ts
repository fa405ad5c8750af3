import type { AttributesDocument, ExtensionsDocument, ResidualDocument, StoredContent } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord } from '../model/profile.js';
import type { CompiledAttributes, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { uniqueIdentity } from './extension-records.js';
import { equalJson } from './json-equality.js';
import { findByName } from './names.js';
import { fittingRecords, fittingValue, projectAttributesDocument } from './projection.js';

/** The next documents of a profile, by the schema. */
export interface NextContent {
  readonly attributes: AttributesDocument;
  /** Absent if they stay as they are (R7). */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Values that become residual where none is stored under their names. */
  readonly residual?: ResidualDocument | undefined;
}

/**
 * The stored values that the schema does not know (R23): attributes and extensions without a definition that they fit, and
 * the members of records likewise, as records of these members alone.
 */
export function residualOf(schema: CompiledSchema, stored: StoredContent): ResidualDocument | undefined {
  const attributes = residualAttributes(schema, stored);
  const ofRecords = Object.entries(stored.extensions ?? {}).flatMap(([name, records]) => {
    const extension = findByName(schema.stored.extensionsByName, name);
    if (!extension || !fittingRecords(extension, records)) return [];
    const residual = records.map((record) => residualMembers(extension.attributes, record));
    return residual.some(hasMembers) ? [[name, residual.filter(hasMembers)] as const] : [];
  });
  return residualDocument(attributes, { ...Object.fromEntries(ofRecords), ...residualExtensions(schema, stored) });
}

/** The part of {@link residualOf} that does not stand in records. */
export function residualDocumentOf(schema: CompiledSchema, stored: StoredContent): ResidualDocument | undefined {
  return residualDocument(residualAttributes(schema, stored), residualExtensions(schema, stored));
}

/** The residual values of one profile under whose names another has none. */
export function missingResidual(
  { attributes = {}, extensions = {} }: ResidualDocument = {},
  other: ResidualDocument = {},
): ResidualDocument | undefined {
  return residualDocument(
    without(attributes, (name) => Object.hasOwn(other.attributes ?? {}, name)),
    without(extensions, (name) => Object.hasOwn(other.extensions ?? {}, name)),
  );
}

/**
 * What a change keeps of the residual values of a profile (R23): all of them, except that a value given for a retyped
 * attribute takes the place of the residual one, and that those in a record stay and go with the record.
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
      : without(residualAttributes(schema, stored), (name) => isGiven(schema, next.attributes, name));
  const lists =
    extensions === undefined || extensions === stored.extensions
      ? (stored.residual?.extensions ?? {})
      : without(residualExtensions(schema, stored), (name) => Object.hasOwn(extensions, name));
  return {
    extensions: extensions && keepResidualMembers(schema, stored.extensions ?? {}, extensions),
    residual: residualDocument({ ...residual?.attributes, ...attributes }, { ...residual?.extensions, ...lists }),
  };
}

/** A value that equals the default is taken for the default, which is answered above a residual value. */
function isGiven(schema: CompiledSchema, attributes: AttributesDocument, name: string): boolean {
  const attribute = findByName(schema.attributes.byName, name);
  if (attribute === undefined || !Object.hasOwn(attributes, attribute.name)) return false;
  return attribute.default === undefined || !equalJson(attributes[attribute.name], attribute.default);
}

function residualAttributes(schema: CompiledSchema, { attributes, residual }: StoredContent): AttributesDocument {
  const kept = without(residual?.attributes ?? {}, (name, value) => fits(schema.attributes, name, value));
  return { ...kept, ...residualMembers(schema.attributes, attributes) };
}

function residualExtensions(schema: CompiledSchema, { extensions = {}, residual }: StoredContent): ExtensionsDocument {
  return without({ ...residual?.extensions, ...extensions }, (name, records) => {
    const extension = findByName(schema.stored.extensionsByName, name);
    return records.length === 0 || (extension !== undefined && fittingRecords(extension, records) !== undefined);
  });
}

function residualMembers<Document extends AttributesDocument>(
  attributes: CompiledAttributes,
  stored: Document,
): Document {
  return without(stored, (name, value) => fits(attributes, name, value)) as Document;
}

function fits({ byName }: CompiledAttributes, name: string, value: AttributeValue): boolean {
  const attribute = findByName(byName, name);
  return attribute !== undefined && fittingValue(attribute, value) !== undefined;
}

/** Adds to each record the residual members of the stored one that it succeeds. */
export function keepResidualMembers(
  schema: CompiledSchema,
  stored: ExtensionsDocument,
  next: ExtensionsDocument,
): ExtensionsDocument {
  const kept = Object.entries(next).map(([name, records]) => {
    const extension = findByName(schema.stored.extensionsByName, name);
    const former = Object.entries(stored).find(
      ([other]) => findByName(schema.stored.extensionsByName, other) === extension,
    );
    if (!extension || !former || former[1] === records) return [name, records] as const;
    return [name, succeed(extension, former[1], records)] as const;
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
    const members = residualMembers(extension.attributes, record);
    if (!hasMembers(members)) continue;
    const known = projectAttributesDocument(extension.attributes, record) as ExtensionRecord;
    const identity = identityOf(extension, known);
    residual.set(identity, [...(residual.get(identity) ?? []), members]);
  }
  if (residual.size === 0) return records;
  return records.map((record) => {
    const members = residual.get(identityOf(extension, record))?.shift();
    return members ? { ...members, ...record } : record;
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

import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Attributes, ExtensionRecord, Extensions } from '../model/profile.js';
import type { CompiledAttributes, CompiledExtension, CompiledExtensions, CompiledSchema } from './compiled-schema.js';
import { findByName, foldName } from './names.js';

/**
 * Stored attributes as the current schema shows them: in its order and case (R1), multi-valued ones as arrays (R4).
 * Values that it does not know, or of a type that it has since changed, stay readable (R16, W8).
 *
 * @returns a copy, the caller's own
 */
export function projectAttributes(attributes: CompiledAttributes, stored: AttributesDocument): Attributes {
  return copyAttributes(projectAttributesDocument(attributes, stored));
}

/**
 * The same as it is answered: an attribute that the schema no longer knows, and whose name is that of an extension now, is
 * left out, since on the wire both would be one member. It stays stored until the next replacement.
 */
export function projectAnsweredAttributes(schema: CompiledSchema, stored: AttributesDocument): Attributes {
  const shown = projectAttributesDocument(schema.attributes, stored);
  const copy = copyAttributes(shown);
  // Only a schema that has moved on makes it another document.
  if (shown === stored) return copy;
  for (const name of Object.keys(copy)) {
    const isUnknown = findByName(schema.attributes.byName, name) === undefined;
    if (isUnknown && findByName(schema.stored.extensionsByName, name)) delete copy[name];
  }
  return copy;
}

function copyAttributes(document: AttributesDocument): Attributes {
  const copy: Attributes = { ...document };
  for (const name in copy) {
    const value = copy[name];
    if (Array.isArray(value)) copy[name] = [...value];
  }
  return copy;
}

/** The same to read from: what is stored itself, where the schema shows it just so. */
export function projectAttributesDocument(
  attributes: CompiledAttributes,
  stored: AttributesDocument,
): AttributesDocument {
  if (isAsShown(attributes, stored)) return stored;
  const values = new Map(Object.entries(stored).map(([name, value]) => [foldName(name), { name, value }]));
  const projected: Attributes = {};
  for (const { name, multiValued } of attributes.inOrder) {
    const found = values.get(foldName(name));
    if (found === undefined) continue;
    projected[name] = multiValued && !Array.isArray(found.value) ? [found.value] : found.value;
    values.delete(foldName(name));
  }
  for (const { name, value } of values.values()) projected[name] = value;
  return projected;
}

/**
 * The stored records of some extensions, in the order of the schema. A multi-valued extension without a record is `[]`,
 * a single-valued one has no member (W4).
 *
 * @returns a copy, the caller's own
 */
export function projectExtensions(
  schema: CompiledSchema,
  stored: ExtensionsDocument,
  wanted: (extension: CompiledExtension) => boolean = () => true,
): Extensions {
  const shown = projectExtensionsDocument(schema, stored);
  const projected: Extensions = {};
  for (const extension of schema.extensions) {
    if (!wanted(extension)) continue;
    const { name, multiValued } = extension;
    const list = (Object.hasOwn(shown, name) ? shown[name] : undefined) ?? [];
    // The attributes of an extension are never multi-valued (R10), so there is nothing deeper to copy.
    if (multiValued) projected[name] = list.map((record) => ({ ...record }));
    else if (list[0]) projected[name] = { ...list[0] };
  }
  return projected;
}

/**
 * The stored extensions that the schema declares and that have records, all as lists, in its order and case, to read
 * from: what is stored itself, where the schema shows it just so.
 */
export function projectExtensionsDocument(schema: CompiledExtensions, stored: ExtensionsDocument): ExtensionsDocument {
  if (areAsShown(schema, stored)) return stored;
  const records = new Map(Object.entries(stored).map(([name, list]) => [foldName(name), list]));
  const projected: Record<string, readonly ExtensionRecord[]> = {};
  for (const { name, attributes } of schema.extensions) {
    const list = records.get(foldName(name)) ?? [];
    if (list.length === 0) continue;
    projected[name] = list.map((record) => projectAttributesDocument(attributes, record) as ExtensionRecord);
  }
  return projected;
}

/**
 * Whether the schema shows stored attributes just as they are, so that nothing has to be folded or put in order: the
 * usual case, since documents are stored so.
 */
function isAsShown({ inOrder }: CompiledAttributes, stored: AttributesDocument): boolean {
  let place = 0;
  for (const name in stored) {
    while (place < inOrder.length && inOrder[place]?.name !== name) place += 1;
    const attribute = inOrder[place++];
    if (attribute === undefined || (attribute.multiValued && !Array.isArray(stored[name]))) return false;
  }
  return true;
}

/** The same for stored extensions. */
function areAsShown({ extensions }: CompiledExtensions, stored: ExtensionsDocument): boolean {
  let place = 0;
  for (const name in stored) {
    while (place < extensions.length && extensions[place]?.name !== name) place += 1;
    const attributes = extensions[place++]?.attributes;
    const records = stored[name] ?? [];
    if (attributes === undefined || records.length === 0) return false;
    for (const record of records) if (!isAsShown(attributes, record)) return false;
  }
  return true;
}

import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Attributes, ExtensionRecord, Extensions } from '../model/profile.js';
import type { CompiledAttributes, CompiledExtension, CompiledExtensions, CompiledSchema } from './compiled-schema.js';
import { findByName, foldName } from './names.js';

/**
 * Projects stored attributes to the current schema: in its order and case (R1), multi-valued ones as arrays (R4).
 * Attributes that the schema no longer has, and values of a former type, stay readable (R16, W8).
 *
 * @returns a copy
 */
export function projectAttributes(attributes: CompiledAttributes, stored: AttributesDocument): Attributes {
  return copyAttributes(projectAttributesDocument(attributes, stored));
}

/**
 * Projects stored attributes for the profile view: like {@link projectAttributes}, but omits a former attribute whose
 * name an extension has now, since on the wire both would be the same member. It stays stored until the next
 * replacement.
 *
 * @returns a copy
 */
export function projectAttributesForView(schema: CompiledSchema, stored: AttributesDocument): Attributes {
  const projectedDocument = projectAttributesDocument(schema.attributes, stored);
  const copy = copyAttributes(projectedDocument);
  // The fast path: the profile was stored under a schema with the same attributes.
  if (projectedDocument === stored) return copy;
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

/**
 * Projects stored attributes for reading: like {@link projectAttributes}, but returns the stored object if it is
 * current.
 */
export function projectAttributesDocument(
  attributes: CompiledAttributes,
  stored: AttributesDocument,
): AttributesDocument {
  if (isCurrent(attributes, stored)) return stored;
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
 * Projects the stored records of the wanted extensions to the current schema, in its order. A multi-valued extension
 * without records is `[]`; a single-valued one without a record has no member (W4).
 *
 * @returns a copy
 */
export function projectExtensions(
  schema: CompiledSchema,
  stored: ExtensionsDocument,
  wanted: (extension: CompiledExtension) => boolean = () => true,
): Extensions {
  const projectedDocument = projectExtensionsDocument(schema, stored);
  const projected: Extensions = {};
  for (const extension of schema.extensions) {
    if (!wanted(extension)) continue;
    const { name, multiValued } = extension;
    const list = (Object.hasOwn(projectedDocument, name) ? projectedDocument[name] : undefined) ?? [];
    // The attributes of an extension are never multi-valued (R10), so a shallow copy suffices.
    if (multiValued) projected[name] = list.map((record) => ({ ...record }));
    else if (list[0]) projected[name] = { ...list[0] };
  }
  return projected;
}

/**
 * Projects stored extensions for reading: those that the schema declares and that have records, each as an array, in
 * the order and case of the schema. Returns the stored object if it is current.
 */
export function projectExtensionsDocument(schema: CompiledExtensions, stored: ExtensionsDocument): ExtensionsDocument {
  if (areCurrent(schema, stored)) return stored;
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
 * Whether stored attributes already have the order, case and form of the current schema. The usual case, since
 * documents are stored that way.
 */
function isCurrent({ inOrder }: CompiledAttributes, stored: AttributesDocument): boolean {
  let place = 0;
  for (const name in stored) {
    while (place < inOrder.length && inOrder[place]?.name !== name) place += 1;
    const attribute = inOrder[place++];
    if (attribute === undefined || (attribute.multiValued && !Array.isArray(stored[name]))) return false;
  }
  return true;
}

/** Whether stored extensions already have the order, case and form of the current schema. */
function areCurrent({ extensions }: CompiledExtensions, stored: ExtensionsDocument): boolean {
  let place = 0;
  for (const name in stored) {
    while (place < extensions.length && extensions[place]?.name !== name) place += 1;
    const attributes = extensions[place++]?.attributes;
    const records = stored[name] ?? [];
    if (attributes === undefined || records.length === 0) return false;
    for (const record of records) if (!isCurrent(attributes, record)) return false;
  }
  return true;
}

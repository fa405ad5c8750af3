import type { Attributes, AttributeValue, ExtensionRecord, Extensions } from '../profile.js';
import type { AttributesDocument, ExtensionsDocument } from '../storage/profile-repository.js';
import type { CompiledAttributes, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { foldName } from './names.js';

/**
 * Stored attributes as the current schema shows them: in its order and case (R1), multi-valued ones as arrays (R4).
 * Values that it does not know, or of a type that it has since changed, stay readable (R16, W8).
 *
 * @returns a copy, the caller's own
 */
export function projectAttributes(attributes: CompiledAttributes, stored: AttributesDocument): Attributes {
  const values = new Map(Object.entries(stored).map(([name, value]) => [foldName(name), { name, value }]));
  const projected: Attributes = {};
  for (const { name, multiValued } of attributes.inOrder) {
    const found = values.get(foldName(name));
    if (found === undefined) continue;
    projected[name] = multiValued && !Array.isArray(found.value) ? [found.value] : copy(found.value);
    values.delete(foldName(name));
  }
  for (const { name, value } of values.values()) projected[name] = copy(value);
  return projected;
}

/**
 * The stored records of some extensions, in the order of the schema. A multi-valued extension without a record is `[]`,
 * a single-valued one has no member (W4).
 */
export function projectExtensions(
  schema: CompiledSchema,
  stored: ExtensionsDocument,
  wanted: (extension: CompiledExtension) => boolean = () => true,
): Extensions {
  const records = recordsByName(stored);
  const projected: Extensions = {};
  for (const extension of schema.extensions.filter(wanted)) {
    const list = projectRecords(extension, records);
    if (extension.multiValued) projected[extension.name] = list;
    else if (list[0]) projected[extension.name] = list[0];
  }
  return projected;
}

/** The stored extensions that the schema declares and that have records, all as lists, in its order and case. */
export function projectExtensionsDocument(schema: CompiledSchema, stored: ExtensionsDocument): ExtensionsDocument {
  const records = recordsByName(stored);
  const projected: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const list = projectRecords(extension, records);
    if (list.length > 0) projected[extension.name] = list;
  }
  return projected;
}

type RecordsByName = ReadonlyMap<string, readonly ExtensionRecord[]>;

function recordsByName(stored: ExtensionsDocument): RecordsByName {
  return new Map(Object.entries(stored).map(([name, records]) => [foldName(name), records]));
}

function projectRecords({ name, attributes }: CompiledExtension, records: RecordsByName): ExtensionRecord[] {
  const stored = records.get(foldName(name)) ?? [];
  return stored.map((record) => projectAttributes(attributes, record) as ExtensionRecord);
}

function copy(value: AttributeValue): AttributeValue {
  return Array.isArray(value) ? [...value] : value;
}

import type { AttributesDocument, ExtensionsDocument, StoredContent } from '../model/documents.js';
import type { Attributes, AttributeValue, ExtensionRecord, Extensions, ScalarValue } from '../model/profile.js';
import type {
  CompiledAttribute,
  CompiledAttributes,
  CompiledExtension,
  CompiledExtensions,
  CompiledSchema,
  KnownDefinitions,
} from './compiled-schema.js';
import { foldName } from './names.js';

/**
 * Projects stored attributes to the current schema: those that it declares and whose values fit, in its order and case
 * (R1), multi-valued ones as arrays (R4), whether they are stored under the present name or a former one (R26). All others
 * are residual (R23).
 *
 * @param residual values that an earlier schema made residual: one that fits again is answered where none is stored
 * @returns a copy
 */
export function projectAttributes(
  attributes: CompiledAttributes,
  stored: AttributesDocument,
  residual?: AttributesDocument | undefined,
): Attributes {
  return copyAttributes(projectAttributesDocument(attributes, stored, residual));
}

export function copyAttributes(document: AttributesDocument): Attributes {
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
  residual?: AttributesDocument | undefined,
): AttributesDocument {
  if (residual === undefined && isCurrent(attributes, stored)) return stored;
  const standing = standingIn(stored, residual);
  const projected: Attributes = {};
  for (const attribute of attributes.inOrder) {
    const value = answeredValue(attribute, standing)?.answered;
    if (value !== undefined) projected[attribute.name] = value;
  }
  return projected;
}

/**
 * Projects the stored records of the wanted extensions to the current schema, in its order. A multi-valued extension
 * without records is `[]`; a single-valued one without a record has no member (W4).
 *
 * @param stored the result of {@link projectExtensionsDocument}
 * @returns a copy
 */
export function viewExtensions(
  schema: CompiledSchema,
  projected: ExtensionsDocument,
  wanted: (extension: CompiledExtension) => boolean = () => true,
): Extensions {
  const view: Extensions = {};
  for (const extension of schema.extensions) {
    if (!wanted(extension)) continue;
    const { name, multiValued } = extension;
    const list = memberOf(projected, name) ?? [];
    // The attributes of an extension are never multi-valued (R10), so a shallow copy suffices.
    if (multiValued) view[name] = list.map((record) => ({ ...record }));
    else if (list[0]) view[name] = { ...list[0] };
  }
  return view;
}

/** Projected extensions as a representation gives them: the record of a single-valued extension stands by itself. No copy. */
export function givenExtensions(
  schema: CompiledSchema,
  projected: ExtensionsDocument,
): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = {};
  for (const [name, records] of Object.entries(projected)) {
    given[name] = schema.extensionsByName.get(foldName(name))?.multiValued ? records : records[0];
  }
  return given;
}

/**
 * Projects stored extensions for reading: those that the schema declares and that have records, each as an array, in
 * the order and case of the schema. Returns the stored object if it is current.
 *
 * @param residual extensions that an earlier schema made residual: one that fits again is answered where none is stored
 */
export function projectExtensionsDocument(
  schema: CompiledExtensions,
  stored: ExtensionsDocument,
  residual?: ExtensionsDocument | undefined,
): ExtensionsDocument {
  if (residual === undefined && areCurrent(schema, stored)) return stored;
  const standing = standingIn(stored, residual);
  const projected: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const list = answeredRecords(extension, standing)?.answered;
    if (list === undefined) continue;
    const { attributes } = extension;
    projected[extension.name] = list.map((record) => projectAttributesDocument(attributes, record) as ExtensionRecord);
  }
  return projected;
}

/** What a schema knows of a stored profile, by the names that it declares. */
export interface KnownContent {
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
}

/**
 * Projects the documents of a profile for reading.
 *
 * @param extensions those to project: by default the ones that the schema declares, without draining ones
 */
export function projectContent(
  schema: KnownDefinitions,
  { attributes, extensions: stored = {}, residual }: StoredContent,
  extensions: CompiledExtensions = schema,
): KnownContent {
  return {
    attributes: projectAttributesDocument(schema.attributes, attributes, residual?.attributes),
    extensions: projectExtensionsDocument(extensions, stored, residual?.extensions),
  };
}

/** What stands in the documents of a profile, by folded name: what is stored, and what an earlier schema made residual. */
export type Standing<Value> = readonly ReadonlyMap<string, Value>[];

export function standingIn<Value>(
  stored: Readonly<Record<string, Value>>,
  residual: Readonly<Record<string, Value>> | undefined,
): Standing<Value> {
  return residual === undefined ? [byFoldedName(stored)] : [byFoldedName(stored), byFoldedName(residual)];
}

/** What is answered for a definition, and where it stands. */
export interface Answered<Value> {
  readonly answered: Value;
  /** Folded. */
  readonly storedName: string;
  readonly source: ReadonlyMap<string, Value>;
}

/** What is answered for an attribute: under the first of its names that has a value that fits (R26). */
export function answeredValue(
  attribute: CompiledAttribute,
  standing: Standing<AttributeValue>,
): Answered<AttributeValue> | undefined {
  return firstFitting(attribute, standing, fittingValue);
}

/** The records that are answered for an extension, likewise. */
export function answeredRecords(
  extension: CompiledExtension,
  standing: Standing<readonly ExtensionRecord[]>,
): Answered<readonly ExtensionRecord[]> | undefined {
  return firstFitting(extension, standing, fittingRecords);
}

function firstFitting<Definition extends { readonly storedNames: readonly string[] }, Value>(
  definition: Definition,
  standing: Standing<Value>,
  fitting: (definition: Definition, value: Value | undefined) => Value | undefined,
): Answered<Value> | undefined {
  for (const storedName of definition.storedNames) {
    for (const source of standing) {
      const answered = fitting(definition, source.get(storedName));
      if (answered !== undefined) return { answered, storedName, source };
    }
  }
  return undefined;
}

/** A member of a document, which does not inherit any: a name may be `constructor` (R2). */
export function memberOf<Value>(document: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** Members by folded name; of two that fold to the same, the first. */
function byFoldedName<Value>(document: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  const members = new Map<string, Value>();
  for (const name of Object.keys(document)) {
    const folded = foldName(name);
    if (!members.has(folded)) members.set(folded, document[name] as Value);
  }
  return members;
}

/** The value as the attribute keeps it; `undefined` if its type or multiplicity does not fit, or there is none (R23). */
export function fittingValue(
  attribute: CompiledAttribute,
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  if (value === undefined) return undefined;
  const { multiValued, ofType } = attribute;
  if (!Array.isArray(value)) {
    const kept = ofType(value);
    return multiValued && kept !== undefined ? [kept] : kept;
  }
  if (!multiValued) return value.length === 1 ? ofType(value[0]) : undefined;
  if (isKept(attribute, value)) return value;
  const kept: ScalarValue[] = [];
  for (const one of value) {
    const fitting = ofType(one);
    if (fitting === undefined) return undefined;
    kept.push(fitting);
  }
  return kept;
}

/** The records if there are some, and the multiplicity of the extension fits (R23). */
export function fittingRecords<Record>(
  { multiValued }: CompiledExtension,
  records: readonly Record[] | undefined,
): readonly Record[] | undefined {
  const fits = records !== undefined && (multiValued ? records.length > 0 : records.length === 1);
  return fits ? records : undefined;
}

/**
 * Whether stored attributes already have the order, case and form of the current schema. The usual case, since
 * documents are stored that way.
 */
export function isCurrent({ inOrder, byName }: CompiledAttributes, stored: AttributesDocument): boolean {
  let place = 0;
  for (const name in stored) {
    const next = inOrder[place];
    const attribute = next?.name === name ? next : byName.get(name);
    if (attribute === undefined || attribute.name !== name || attribute.place < place) return false;
    if (!isKept(attribute, stored[name])) return false;
    place = attribute.place + 1;
  }
  return true;
}

/** Whether the attribute keeps the value just as it is. */
function isKept({ multiValued, ofType }: CompiledAttribute, value: AttributeValue | undefined): boolean {
  if (!Array.isArray(value)) return !multiValued && ofType(value) === value;
  return multiValued && value.every((one) => ofType(one) === one);
}

/** Whether stored extensions already have the order, case and form of the current schema. */
function areCurrent({ extensions }: CompiledExtensions, stored: ExtensionsDocument): boolean {
  let place = 0;
  for (const name in stored) {
    while (place < extensions.length && extensions[place]?.name !== name) place += 1;
    const extension = extensions[place++];
    const records = extension && fittingRecords(extension, stored[name]);
    if (extension === undefined || records === undefined) return false;
    for (const record of records) if (!isCurrent(extension.attributes, record)) return false;
  }
  return true;
}

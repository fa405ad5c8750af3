import type { MemberNames } from '../model/documents.js';
import type { AttributeValue } from '../model/profile.js';
import { PROFILE, type ValueType } from '../model/schema.js';
import type {
  KeyReading,
  StoredAttributeDefinition,
  StoredExtensionDefinition,
  StoredKeyDefinition,
  StoredSchema,
} from '../model/stored-schema.js';
import { Violations } from '../model/violation.js';
import { checkValue } from './attribute-values.js';
import {
  type CountRange,
  compileConstraints,
  itemRange,
  type TextTests,
  type ValueConstraint,
} from './constraints/index.js';
import { numbered } from './definition-numbers.js';
import { storedNames } from './former-names.js';
import { foldName } from './names.js';
import { typeCheck, type ValueCheck, valueCheck } from './values/index.js';

/** What values have to be. */
export interface ValueRules {
  readonly multiValued: boolean;
  readonly check: ValueCheck;
  /** What each value has to be beyond its type (R24); `undefined` if nothing. */
  readonly constraints: readonly ValueConstraint[] | undefined;
  /** How many values a multi-valued attribute may have; `undefined` if any number. */
  readonly items: CountRange | undefined;
}

/** A compiled attribute definition, with the check of its values. */
export interface CompiledAttribute extends ValueRules {
  readonly name: string;
  /** Its position in the order of the schema. */
  readonly place: number;
  /** The folded names under which values may be stored: the present one, then the former ones in their order (R26). */
  readonly storedNames: readonly string[];
  /** Identifies an attribute of the profile for good (R22); 0 for those of extensions. */
  readonly number: number;
  readonly type: ValueType;
  readonly mandatory: boolean;
  /** Whether it must not be cleared by leaving it out (L2). */
  readonly protected: boolean;
  /** The default as stored; `undefined` if the definition has none. */
  readonly default: AttributeValue | undefined;
  /** Accepts what the type accepts, whatever else the definition demands (R23). */
  readonly ofType: ValueCheck['accept'];
}

/** The attributes of a profile or of an extension's records. */
export interface CompiledAttributes {
  /** In the order of the schema. */
  readonly inOrder: readonly CompiledAttribute[];
  /** Those that have a value, or must have one, whatever is given: by a default, or because they are mandatory. */
  readonly always: readonly CompiledAttribute[];
  /** By declared name and by folded name (R1). */
  readonly byName: ReadonlyMap<string, CompiledAttribute>;
  /** By each folded name under which values may be stored: a former name is no name, but in what is stored (R26). */
  readonly byStoredName: ReadonlyMap<string, CompiledAttribute>;
}

/** A compiled extension definition. */
export interface CompiledExtension {
  readonly name: string;
  /** The folded names under which records may be stored, as those of an attribute (R26). */
  readonly storedNames: readonly string[];
  /** Identifies the extension for good (R22). */
  readonly number: number;
  readonly multiValued: boolean;
  /** Whether it must not be cleared by leaving it out (L2). */
  readonly protected: boolean;
  readonly attributes: CompiledAttributes;
  /** The most records of a profile; `undefined` if any number (R24). */
  readonly maxRecords: number | undefined;
  /** Whether the extension is draining: being removed from the schema (W8). */
  readonly draining: boolean;
  /** The names of the unique attributes, in the case of their definitions. Empty if there are none. */
  readonly unique: readonly string[];
}

/** The extensions of a schema. */
export interface CompiledExtensions {
  /** In the order of the schema. */
  readonly extensions: readonly CompiledExtension[];
  /** By declared name and by folded name (R1). */
  readonly extensionsByName: ReadonlyMap<string, CompiledExtension>;
  /** By each folded name under which records may be stored (R26). */
  readonly extensionsByStoredName: ReadonlyMap<string, CompiledExtension>;
}

/** The definitions by which a stored profile is read. */
export interface KnownDefinitions extends CompiledExtensions {
  readonly attributes: CompiledAttributes;
}

/** A compiled identification key. */
export interface CompiledKey {
  readonly name: string;
  /** `undefined` if the attributes are those of the profile itself. */
  readonly extension: CompiledExtension | undefined;
  readonly attributes: readonly CompiledAttribute[];
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  /** The `key` of its index entries. */
  readonly index: string;
  /** How it reads profiles while it is backfilling, if otherwise than by the schema. */
  readonly reads: KnownDefinitions | undefined;
  /** Whether profiles can be found by it: it is not backfilling (R21), and its extension is not draining. */
  readonly complete: boolean;
}

/**
 * A schema compiled to closures, once per tenant and version. Names are looked up in maps (R2), which contain each name
 * both as declared and folded (R1), so that a name in the declared case needs no folding.
 */
export interface CompiledSchema extends KnownDefinitions {
  readonly version: number;
  /** The highest number of a definition up to this version. */
  readonly lastNumber: number;
  /** The lowest version by which documents are canonical that are canonical by this one. */
  readonly canonicalSince: number;
  /** Whether it protects anything from being cleared by leaving it out (L2). */
  readonly hasProtected: boolean;
  /** All extensions in which profiles may have records, including draining ones. */
  readonly stored: CompiledExtensions;
  /** The identification keys, in the order of definition. */
  readonly keys: readonly CompiledKey[];
  /** The names of all attributes that a profile may have, and of all extensions, draining ones last. */
  readonly names: MemberNames;
  /** The names of those from which index entries are made. */
  readonly indexed: MemberNames;
}

/** A stored schema, or a part of one. */
export type CompilableSchema = Pick<StoredSchema, 'attributes'> & Partial<StoredSchema>;

/**
 * Compiles a stored schema. Draining extensions are left out (W8), except in `stored` and for their keys: until an
 * extension is removed, index entries are still updated with its records.
 *
 * @param texts what the `pattern` and `format` of the schema need
 */
export function compileSchema(version: number, schema: CompilableSchema, texts: TextTests = {}): CompiledSchema {
  const {
    attributes: definitions,
    extensions,
    lastNumber,
    canonicalSince = 1,
  } = numbered({ extensions: [], identificationKeys: [], ...schema });
  const attributes = compileAttributes(definitions, texts);
  const stored = inOrderAndByName(extensions.map((extension) => compileExtension(extension, texts)));
  const open = stored.extensions.filter(({ draining }) => !draining);
  const draining = stored.extensions.filter((extension) => extension.draining);
  const keys = (schema.identificationKeys ?? []).flatMap(
    (key) => compileKey(key, attributes, stored.extensionsByName) ?? [],
  );
  return {
    version,
    lastNumber,
    canonicalSince,
    hasProtected: [...attributes.inOrder, ...open].some((definition) => definition.protected),
    attributes,
    ...(open.length < stored.extensions.length ? inOrderAndByName(open) : stored),
    stored,
    keys,
    names: { attributes: namesOf(attributes.inOrder), extensions: namesOf([...open, ...draining]) },
    indexed: {
      attributes: namesOf(keys.flatMap((key) => (key.extension ? [] : key.attributes))),
      extensions: namesOf(keys.flatMap(({ extension }) => extension ?? [])),
    },
  };
}

/** Each name once, in order. */
function namesOf(named: readonly { readonly name: string }[]): string[] {
  return [...new Set(named.map(({ name }) => name))];
}

function inOrderAndByName(extensions: readonly CompiledExtension[]): CompiledExtensions {
  return { extensions, extensionsByName: byName(extensions), extensionsByStoredName: byStoredName(extensions) };
}

/** The same attributes, with some of their definitions changed. */
export function mapAttributes(
  { inOrder }: CompiledAttributes,
  change: (attribute: CompiledAttribute) => CompiledAttribute,
): CompiledAttributes {
  return attributesInOrder(inOrder.map(change));
}

/** The same extensions, with some of their definitions changed. */
export function mapExtensions(
  { extensions }: CompiledExtensions,
  change: (extension: CompiledExtension) => CompiledExtension,
): CompiledExtensions {
  return inOrderAndByName(extensions.map(change));
}

/** What a definition demands of values. Its name plays no part, and may be invalid yet. */
export function compileValueRules(definition: StoredAttributeDefinition, texts: TextTests): ValueRules {
  const { type, multiValued = false, length, minItems, maxItems } = definition;
  const check = valueCheck(type, length);
  const constraints = compileConstraints(definition, check, texts);
  return { multiValued, check, constraints, items: itemRange(minItems, maxItems) };
}

/** Compiles one attribute definition. */
export function compileAttribute(definition: StoredAttributeDefinition, texts: TextTests): CompiledAttribute {
  const { name, number = 0, type, mandatory = false } = definition;
  const rules = compileValueRules(definition, texts);
  // The default was checked against the constraints when it was defined.
  const unconstrained = { ...rules, constraints: undefined, items: undefined };
  return {
    name,
    place: 0,
    storedNames: storedNames(definition),
    number,
    type,
    mandatory,
    protected: definition.protected === true,
    ...rules,
    ofType: typeCheck(type),
    default: checkValue(unconstrained, definition.default, '', new Violations()),
  };
}

function compileAttributes(definitions: readonly StoredAttributeDefinition[], texts: TextTests): CompiledAttributes {
  return attributesInOrder(definitions.map((definition) => compileAttribute(definition, texts)));
}

function attributesInOrder(attributes: readonly CompiledAttribute[]): CompiledAttributes {
  const inOrder = attributes.map((attribute, place) =>
    attribute.place === place ? attribute : { ...attribute, place },
  );
  const always = inOrder.filter((attribute) => attribute.mandatory || attribute.default !== undefined);
  return { inOrder, always, byName: byName(inOrder), byStoredName: byStoredName(inOrder) };
}

function byName<Declared extends { readonly name: string }>(declared: readonly Declared[]): Map<string, Declared> {
  return new Map(
    declared.flatMap((one): [string, Declared][] => [
      [one.name, one],
      [foldName(one.name), one],
    ]),
  );
}

function byStoredName<Declared extends { readonly storedNames: readonly string[] }>(
  declared: readonly Declared[],
): Map<string, Declared> {
  return new Map(declared.flatMap((one) => one.storedNames.map((name): [string, Declared] => [name, one])));
}

function compileExtension(definition: StoredExtensionDefinition, texts: TextTests): CompiledExtension {
  const attributes = compileAttributes(definition.attributes, texts);
  return {
    name: definition.name,
    storedNames: storedNames(definition),
    number: definition.number ?? 0,
    multiValued: definition.type === 'multi-valued',
    protected: definition.protected === true,
    attributes,
    maxRecords: definition.maxRecords,
    draining: definition.closing === true,
    unique: (definition.unique ?? []).map((name) => attributes.byName.get(foldName(name))?.name ?? name),
  };
}

function compileReading({ extension, attributes }: KeyReading): KnownDefinitions {
  const extensions = extension ? [compileExtension({ ...extension, attributes }, {})] : [];
  return { attributes: compileAttributes(extension ? [] : attributes, {}), ...inOrderAndByName(extensions) };
}

/** Returns `undefined` for a key on attributes that the schema no longer has: the key is being removed with them. */
function compileKey(
  {
    name,
    source = PROFILE,
    attributes,
    unique = false,
    caseSensitive = true,
    index,
    filling,
    reads,
  }: StoredKeyDefinition,
  ofProfile: CompiledAttributes,
  extensions: ReadonlyMap<string, CompiledExtension>,
): CompiledKey | undefined {
  const known = reads && compileReading(reads);
  const extension = known ? known.extensions[0] : extensions.get(foldName(source));
  const declared = foldName(source) === PROFILE ? (known?.attributes ?? ofProfile) : extension?.attributes;
  const names = reads ? reads.attributes.map((attribute) => attribute.name) : attributes;
  const compiled = names.flatMap((attribute) => declared?.byName.get(foldName(attribute)) ?? []);
  if (compiled.length < attributes.length) return undefined;
  return {
    name,
    extension,
    attributes: compiled,
    reads: known,
    unique,
    caseSensitive,
    index,
    complete: !filling && !extension?.draining,
  };
}

import type { AttributeValue } from '../model/profile.js';
import { type AttributeDefinition, PROFILE, type ValueType } from '../model/schema.js';
import type { StoredExtensionDefinition, StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import { Violations } from '../model/violation.js';
import { checkValue } from './attribute-values.js';
import {
  type CountRange,
  compileConstraints,
  itemRange,
  type TextTests,
  type ValueConstraint,
} from './constraints/index.js';
import { foldName } from './names.js';
import { type ValueCheck, valueCheck } from './values/index.js';

/** A compiled attribute definition, with the check of its values. */
export interface CompiledAttribute {
  readonly name: string;
  readonly type: ValueType;
  readonly multiValued: boolean;
  readonly mandatory: boolean;
  /** The default as stored; `undefined` if the definition has none. */
  readonly default: AttributeValue | undefined;
  readonly check: ValueCheck;
  /** What each value has to be beyond its type (R24); `undefined` if nothing. */
  readonly constraints: readonly ValueConstraint[] | undefined;
  /** How many values a multi-valued attribute may have; `undefined` if any number. */
  readonly items: CountRange | undefined;
}

/** The attributes of a profile or of an extension's records. */
export interface CompiledAttributes {
  /** In the order of the schema. */
  readonly inOrder: readonly CompiledAttribute[];
  /** By declared name and by folded name (R1). */
  readonly byName: ReadonlyMap<string, CompiledAttribute>;
}

/** A compiled extension definition. */
export interface CompiledExtension {
  readonly name: string;
  readonly multiValued: boolean;
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
  /** Whether profiles can be found by it: it is not backfilling (R21), and its extension is not draining. */
  readonly complete: boolean;
}

/**
 * A schema compiled to closures, once per tenant and version. Names are looked up in maps (R2), which contain each name
 * both as declared and folded (R1), so that a name in the declared case needs no folding.
 */
export interface CompiledSchema extends CompiledExtensions {
  readonly version: number;
  readonly attributes: CompiledAttributes;
  /** All extensions in which profiles may have records, including draining ones. */
  readonly stored: CompiledExtensions;
  /** The identification keys, in the order of definition. */
  readonly keys: readonly CompiledKey[];
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
  const attributes = compileAttributes(schema.attributes, texts);
  const stored = inOrderAndByName((schema.extensions ?? []).map((extension) => compileExtension(extension, texts)));
  const open = stored.extensions.filter(({ draining }) => !draining);
  return {
    version,
    attributes,
    ...(open.length < stored.extensions.length ? inOrderAndByName(open) : stored),
    stored,
    keys: (schema.identificationKeys ?? []).flatMap(
      (key) => compileKey(key, attributes, stored.extensionsByName) ?? [],
    ),
  };
}

function inOrderAndByName(extensions: readonly CompiledExtension[]): CompiledExtensions {
  return { extensions, extensionsByName: byName(extensions) };
}

/** Compiles one attribute definition. */
export function compileAttribute(definition: AttributeDefinition, texts: TextTests): CompiledAttribute {
  const { name, type, multiValued = false, mandatory = false } = definition;
  const check = valueCheck(type, definition.length);
  const constraints = compileConstraints(definition, check, texts);
  const items = itemRange(definition.minItems, definition.maxItems);
  // The default was checked against the constraints when it was defined.
  const unconstrained = { multiValued, check, constraints: undefined, items: undefined };
  const fallback = checkValue(unconstrained, definition.default, '', new Violations());
  return { name, type, multiValued, mandatory, check, constraints, items, default: fallback };
}

function compileAttributes(definitions: readonly AttributeDefinition[], texts: TextTests): CompiledAttributes {
  const inOrder = definitions.map((definition) => compileAttribute(definition, texts));
  return { inOrder, byName: byName(inOrder) };
}

function byName<Declared extends { readonly name: string }>(declared: readonly Declared[]): Map<string, Declared> {
  return new Map(
    declared.flatMap((one): [string, Declared][] => [
      [one.name, one],
      [foldName(one.name), one],
    ]),
  );
}

function compileExtension(definition: StoredExtensionDefinition, texts: TextTests): CompiledExtension {
  const attributes = compileAttributes(definition.attributes, texts);
  return {
    name: definition.name,
    multiValued: definition.type === 'multi-valued',
    attributes,
    maxRecords: definition.maxRecords,
    draining: definition.closing === true,
    unique: (definition.unique ?? []).map((name) => attributes.byName.get(foldName(name))?.name ?? name),
  };
}

/** Returns `undefined` for a key on attributes that the schema no longer has: the key is being removed with them. */
function compileKey(
  { name, source = PROFILE, attributes, unique = false, caseSensitive = true, index, filling }: StoredKeyDefinition,
  ofProfile: CompiledAttributes,
  extensions: ReadonlyMap<string, CompiledExtension>,
): CompiledKey | undefined {
  const extension = extensions.get(foldName(source));
  const declared = foldName(source) === PROFILE ? ofProfile : extension?.attributes;
  const compiled = attributes.flatMap((attribute) => declared?.byName.get(foldName(attribute)) ?? []);
  if (compiled.length < attributes.length) return undefined;
  return {
    name,
    extension,
    attributes: compiled,
    unique,
    caseSensitive,
    index,
    complete: !filling && !extension?.draining,
  };
}

import type { AttributeValue } from '../model/profile.js';
import { type AttributeDefinition, PROFILE, type ValueType } from '../model/schema.js';
import type { StoredExtensionDefinition, StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import { Violations } from '../model/violation.js';
import { checkValue } from './attribute-values.js';
import { foldName } from './names.js';
import { type ValueCheck, valueCheck } from './values/index.js';

/** An attribute definition, ready to check values. */
export interface CompiledAttribute {
  readonly name: string;
  readonly type: ValueType;
  readonly multiValued: boolean;
  readonly mandatory: boolean;
  /** As kept; `undefined` where the definition has none. */
  readonly default: AttributeValue | undefined;
  readonly check: ValueCheck;
}

/** The attributes of a profile or of an extension's records: in the order of the schema, and by name. */
export interface CompiledAttributes {
  readonly inOrder: readonly CompiledAttribute[];
  readonly byName: ReadonlyMap<string, CompiledAttribute>;
}

export interface CompiledExtension {
  readonly name: string;
  readonly multiValued: boolean;
  readonly attributes: CompiledAttributes;
  /** Whether it is being taken out of the schema (W8). */
  readonly closing: boolean;
  /** Names in the case of the attributes; empty where no record excludes another. */
  readonly unique: readonly string[];
}

/** Extensions in the order of the schema, and by name. */
export interface CompiledExtensions {
  readonly extensions: readonly CompiledExtension[];
  readonly extensionsByName: ReadonlyMap<string, CompiledExtension>;
}

export interface CompiledKey {
  readonly name: string;
  /** Absent where the attributes are those of the profile itself. */
  readonly extension: CompiledExtension | undefined;
  readonly attributes: readonly CompiledAttribute[];
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  /** What its entries are stored under. */
  readonly index: string;
  /** Whether it answers: all profiles have their entries (R21), and its extension is not closing. */
  readonly complete: boolean;
}

/**
 * A schema compiled to closures, once per tenant and version. Names are looked up in maps (R2), which hold each as it is
 * declared and folded (R1), so that a name given as it is declared need not be folded.
 */
export interface CompiledSchema extends CompiledExtensions {
  readonly version: number;
  readonly attributes: CompiledAttributes;
  /** All in which profiles may have records: those that are closing, too. */
  readonly stored: CompiledExtensions;
  /** In the order of definition. */
  readonly keys: readonly CompiledKey[];
}

/** A stored schema, or a part of one. */
export type CompilableSchema = Pick<StoredSchema, 'attributes'> & Partial<StoredSchema>;

/**
 * Compiles a stored schema. An extension that is closing is left out (W8), but for the keys on it: until it is gone, their
 * entries move with its records.
 */
export function compileSchema(version: number, schema: CompilableSchema): CompiledSchema {
  const attributes = compileAttributes(schema.attributes);
  const stored = inOrderAndByName((schema.extensions ?? []).map(compileExtension));
  const open = stored.extensions.filter(({ closing }) => !closing);
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
export function compileAttribute(definition: AttributeDefinition): CompiledAttribute {
  const { name, type, multiValued = false, mandatory = false } = definition;
  const check = valueCheck(type, definition.length);
  const fallback = checkValue({ multiValued, check }, definition.default, '', new Violations());
  return { name, type, multiValued, mandatory, check, default: fallback };
}

function compileAttributes(definitions: readonly AttributeDefinition[]): CompiledAttributes {
  const inOrder = definitions.map(compileAttribute);
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

function compileExtension(definition: StoredExtensionDefinition): CompiledExtension {
  const attributes = compileAttributes(definition.attributes);
  return {
    name: definition.name,
    multiValued: definition.type === 'multi-valued',
    attributes,
    closing: definition.closing === true,
    unique: (definition.unique ?? []).map((name) => attributes.byName.get(foldName(name))?.name ?? name),
  };
}

/** Answers `undefined` for a key whose attributes are on their way out of the schema, as the key is with them. */
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
    complete: !filling && !extension?.closing,
  };
}

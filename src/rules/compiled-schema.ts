import type { AttributeValue } from '../profile.js';
import { checkValue } from './attribute-values.js';
import { foldName } from './names.js';
import type { AttributeDefinition, ExtensionDefinition, SchemaDefinition } from './schema.js';
import { type ValueCheck, valueCheck } from './values/index.js';
import { Violations } from './violation.js';

/** An attribute definition, ready to check values. */
export interface CompiledAttribute {
  readonly name: string;
  readonly multiValued: boolean;
  readonly mandatory: boolean;
  /** As kept; `undefined` where the definition has none. */
  readonly default: AttributeValue | undefined;
  readonly check: ValueCheck;
}

/** The attributes of a profile or of an extension's records: in the order of the schema, and by folded name. */
export interface CompiledAttributes {
  readonly inOrder: readonly CompiledAttribute[];
  readonly byName: ReadonlyMap<string, CompiledAttribute>;
}

export interface CompiledExtension {
  readonly name: string;
  readonly multiValued: boolean;
  readonly attributes: CompiledAttributes;
  /** Names in the case of the attributes; empty where no record excludes another. */
  readonly unique: readonly string[];
}

/** A schema compiled to closures, once per tenant and version. Names are looked up folded (R1), in maps (R2). */
export interface CompiledSchema {
  readonly version: number;
  readonly attributes: CompiledAttributes;
  readonly extensions: readonly CompiledExtension[];
  readonly extensionsByName: ReadonlyMap<string, CompiledExtension>;
}

/** Compiles a schema that has no faults (see `schema-faults.ts`). */
export function compileSchema(version: number, schema: SchemaDefinition): CompiledSchema {
  const extensions = (schema.extensions ?? []).map(compileExtension);
  return {
    version,
    attributes: compileAttributes(schema.attributes),
    extensions,
    extensionsByName: new Map(extensions.map((extension) => [foldName(extension.name), extension])),
  };
}

/** Compiles one attribute definition. */
export function compileAttribute(definition: AttributeDefinition): CompiledAttribute {
  const { name, multiValued = false, mandatory = false } = definition;
  const check = valueCheck(definition.type, definition.length);
  const fallback = checkValue({ multiValued, check }, definition.default, '', new Violations());
  return { name, multiValued, mandatory, check, default: fallback };
}

function compileAttributes(definitions: readonly AttributeDefinition[]): CompiledAttributes {
  const inOrder = definitions.map(compileAttribute);
  return { inOrder, byName: new Map(inOrder.map((attribute) => [foldName(attribute.name), attribute])) };
}

function compileExtension(definition: ExtensionDefinition): CompiledExtension {
  const attributes = compileAttributes(definition.attributes);
  return {
    name: definition.name,
    multiValued: definition.type === 'multi-valued',
    attributes,
    unique: (definition.unique ?? []).map((name) => attributes.byName.get(foldName(name))?.name ?? name),
  };
}

import { isDeepStrictEqual } from 'node:util';
import {
  type ExtensionDefinition,
  type IdentificationKeyDefinition,
  PROFILE,
  type SchemaDefinition,
} from '../model/schema.js';
import { foldName, indexByName } from './names.js';

/** An extension definition with the names in `unique` in the case of its attribute definitions (R1). */
export function extensionInDeclaredCase(extension: ExtensionDefinition): ExtensionDefinition {
  const { unique, attributes } = extension;
  return unique ? { ...extension, unique: inDeclaredCase(indexByName(attributes), unique) } : extension;
}

/** Keys with their source and attributes named in the case in which the schema declares them now (R1). */
export function keysInDeclaredCase(
  keys: readonly IdentificationKeyDefinition[],
  { attributes, extensions = [] }: SchemaDefinition,
): IdentificationKeyDefinition[] {
  const byName = indexByName(extensions);
  // Many keys have the same source, and a schema may have thousands of attributes.
  const indexes = new Map<ExtensionDefinition | undefined, ReadonlyMap<string, Named>>();
  return keys.map((key) => {
    const extension = byName.get(foldName(key.source ?? PROFILE));
    const declared = indexes.get(extension) ?? indexByName<Named>(extension?.attributes ?? attributes);
    indexes.set(extension, declared);
    return {
      ...key,
      ...(key.source !== undefined && { source: extension?.name ?? PROFILE }),
      attributes: inDeclaredCase(declared, key.attributes),
    };
  });
}

/** One key, likewise. */
export function keyInDeclaredCase(
  key: IdentificationKeyDefinition,
  schema: SchemaDefinition,
): IdentificationKeyDefinition {
  return keysInDeclaredCase([key], schema)[0] ?? key;
}

/** Whether two key definitions are equal, ignoring the case of their source and attributes. */
export function isSameKey(one: IdentificationKeyDefinition, other: IdentificationKeyDefinition): boolean {
  return isDeepStrictEqual(folded(one), folded(other));
}

function folded({ source, attributes, ...key }: IdentificationKeyDefinition) {
  return { ...key, source: source && foldName(source), attributes: attributes.map(foldName) };
}

interface Named {
  readonly name: string;
}

function inDeclaredCase(declared: ReadonlyMap<string, Named>, names: readonly string[]): string[] {
  return names.map((name) => declared.get(foldName(name))?.name ?? name);
}

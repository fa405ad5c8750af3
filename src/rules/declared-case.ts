import { isDeepStrictEqual } from 'node:util';
import {
  type ExtensionDefinition,
  type IdentificationKeyDefinition,
  PROFILE,
  type SchemaDefinition,
} from '../model/schema.js';
import { findNamed, foldName } from './names.js';

/** An extension definition with the names in `unique` in the case of its attribute definitions (R1). */
export function extensionInDeclaredCase(extension: ExtensionDefinition): ExtensionDefinition {
  const { unique, attributes } = extension;
  return unique ? { ...extension, unique: unique.map((name) => declaredCase(attributes, name)) } : extension;
}

/** A key definition with its source and attributes in the case of the schema's definitions (R1). */
export function keyInDeclaredCase(
  key: IdentificationKeyDefinition,
  { attributes, extensions = [] }: SchemaDefinition,
): IdentificationKeyDefinition {
  const { source = PROFILE } = key;
  const extension = findNamed(extensions, source);
  const names = key.attributes.map((name) => declaredCase(extension?.attributes ?? attributes, name));
  return { ...key, ...(key.source !== undefined && { source: extension?.name ?? PROFILE }), attributes: names };
}

/** Whether two key definitions are equal, ignoring the case of their source and attributes. */
export function isSameKey(one: IdentificationKeyDefinition, other: IdentificationKeyDefinition): boolean {
  return isDeepStrictEqual(folded(one), folded(other));
}

function folded({ source, attributes, ...key }: IdentificationKeyDefinition) {
  return { ...key, source: source && foldName(source), attributes: attributes.map(foldName) };
}

function declaredCase(definitions: readonly { readonly name: string }[], name: string): string {
  return findNamed(definitions, name)?.name ?? name;
}

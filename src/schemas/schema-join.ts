import type { StoredSchema } from '../model/stored-schema.js';
import { foldName, indexByName } from '../rules/names.js';

/** A schema without its identification keys. */
export type SchemaParts = Pick<StoredSchema, 'attributes' | 'extensions'>;

/** The definitions of one schema, plus those of another that are new to it. */
export function joinDefinitions(schema: SchemaParts, other: SchemaParts): SchemaParts {
  const others = indexByName(other.extensions);
  const extensions = schema.extensions.map((extension) => {
    const same = others.get(foldName(extension.name));
    return same ? { ...extension, attributes: join(extension.attributes, same.attributes) } : extension;
  });
  return { attributes: join(schema.attributes, other.attributes), extensions: join(extensions, other.extensions) };
}

function join<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  others: readonly Definition[],
): Definition[] {
  const names = new Set(definitions.map(({ name }) => foldName(name)));
  return [...definitions, ...others.filter(({ name }) => !names.has(foldName(name)))];
}

import type { StoredSchema } from '../model/stored-schema.js';
import { indexByStoredName, predecessorsOf } from '../rules/former-names.js';
import { foldName, indexByName } from '../rules/names.js';

/** A schema without its identification keys. */
export type SchemaParts = Pick<StoredSchema, 'attributes' | 'extensions'>;

/** The definitions of one schema, plus those of the next one that are new: what it renames is not. */
export function joinDefinitions(schema: SchemaParts, next: SchemaParts): SchemaParts {
  const successors = indexByStoredName(next.extensions);
  const extensions = schema.extensions.map((extension) => {
    const successor = successors.get(foldName(extension.name));
    return successor ? { ...extension, attributes: join(extension.attributes, successor.attributes) } : extension;
  });
  return { attributes: join(schema.attributes, next.attributes), extensions: join(extensions, next.extensions) };
}

function join<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  next: readonly Definition[],
): Definition[] {
  const byName = indexByName(definitions);
  return [...definitions, ...next.filter((definition) => predecessorsOf(byName, definition).length === 0)];
}

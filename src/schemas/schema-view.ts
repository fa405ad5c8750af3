import type { IdentificationKeyDefinition, Schema } from '../model/schema.js';
import type { StoredKeyDefinition } from '../model/stored-schema.js';
import { keysInDeclaredCase } from '../rules/declared-case.js';
import type { VersionedSchema } from './tenant-schema.js';

/** The view of a stored schema: what the services return. A copy, without draining extensions and backfilling keys. */
export function schemaView({ version, schema }: VersionedSchema): Schema {
  return structuredClone({
    version,
    attributes: schema.attributes.map(withoutNumber),
    extensions: schema.extensions.filter(({ closing }) => !closing).map(withoutNumber),
    identificationKeys: keysInDeclaredCase(
      schema.identificationKeys.filter(({ filling }) => !filling).map(definitionOf),
      schema,
    ),
  });
}

/** The definition of a stored attribute or extension, without its number. */
export function withoutNumber<Definition extends { readonly number?: number }>({
  number: _,
  ...definition
}: Definition): Omit<Definition, 'number'> {
  return definition;
}

/** The definition of a stored key, without its index and state. */
export function definitionOf({
  index: _,
  filling: __,
  narrowed: ___,
  ...key
}: StoredKeyDefinition): IdentificationKeyDefinition {
  return key;
}

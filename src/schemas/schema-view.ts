import type { IdentificationKeyDefinition, Schema } from '../model/schema.js';
import type { StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import { keysInDeclaredCase } from '../rules/declared-case.js';

/** A key as stored, or as it would be. */
type ViewedKey = IdentificationKeyDefinition & Partial<StoredKeyDefinition>;

interface ViewedSchema extends Pick<StoredSchema, 'attributes' | 'extensions'> {
  readonly identificationKeys: readonly ViewedKey[];
}

/** The view of a stored schema: what the services return. A copy, without draining extensions and backfilling keys. */
export function schemaView({ version, schema }: { readonly version: number; readonly schema: ViewedSchema }): Schema {
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
export function definitionOf({ index: _, filling: __, reads: ___, ...key }: ViewedKey): IdentificationKeyDefinition {
  return key;
}

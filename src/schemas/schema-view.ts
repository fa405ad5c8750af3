import type { IdentificationKeyDefinition, Schema } from '../model/schema.js';
import type { StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import { keyInDeclaredCase } from '../rules/declared-case.js';

/** A stored schema with its version; version 0 is no schema. */
export interface VersionedSchema {
  readonly version: number;
  readonly schema: StoredSchema;
}

export const NO_SCHEMA: VersionedSchema = {
  version: 0,
  schema: { attributes: [], extensions: [], identificationKeys: [] },
};

/** A schema as the services answer it: a copy of what is in force, without what is coming or going. */
export function schemaView({ version, schema }: VersionedSchema): Schema {
  return structuredClone({
    version,
    attributes: schema.attributes,
    extensions: schema.extensions.filter(({ closing }) => !closing),
    identificationKeys: schema.identificationKeys
      .filter(({ filling }) => !filling)
      .map((key) => keyInDeclaredCase(definitionOf(key), schema)),
  });
}

/** The definition of a key as it was given. */
export function definitionOf({ index: _, filling: __, ...key }: StoredKeyDefinition): IdentificationKeyDefinition {
  return key;
}

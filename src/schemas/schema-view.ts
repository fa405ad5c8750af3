import type { IdentificationKeyDefinition, Schema } from '../model/schema.js';
import type { StoredKeyDefinition } from '../model/stored-schema.js';
import { keysInDeclaredCase } from '../rules/declared-case.js';
import type { VersionedSchema } from './tenant-schema.js';

/** A stored schema as the services answer it: a copy, without extensions being removed and keys being backfilled. */
export function schemaView({ version, schema }: VersionedSchema): Schema {
  return structuredClone({
    version,
    attributes: schema.attributes,
    extensions: schema.extensions.filter(({ closing }) => !closing),
    identificationKeys: keysInDeclaredCase(
      schema.identificationKeys.filter(({ filling }) => !filling).map(definitionOf),
      schema,
    ),
  });
}

/** The definition of a key as it was declared. */
export function definitionOf({ index: _, filling: __, ...key }: StoredKeyDefinition): IdentificationKeyDefinition {
  return key;
}

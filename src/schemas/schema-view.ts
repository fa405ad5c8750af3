import type { IdentificationKeyDefinition, Schema } from '../model/schema.js';
import type { StoredKeyDefinition } from '../model/stored-schema.js';
import { keysInDeclaredCase } from '../rules/declared-case.js';
import type { VersionedSchema } from './tenant-schema.js';

/** The view of a stored schema: what the services return. A copy, without draining extensions and backfilling keys. */
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

/** The definition of a stored key, without its index and state. */
export function definitionOf({ index: _, filling: __, ...key }: StoredKeyDefinition): IdentificationKeyDefinition {
  return key;
}

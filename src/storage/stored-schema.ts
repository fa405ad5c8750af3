import type { AttributeDefinition, ExtensionDefinition } from '../rules/schema.js';

/** A tenant's schema as stored: one JSON document, opaque to the repository. */
export interface StoredSchema {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions: readonly StoredExtensionDefinition[];
}

/** An extension whose deletion has begun is `closing`: nothing can be stored in it any more, and nothing is answered. */
export interface StoredExtensionDefinition extends ExtensionDefinition {
  readonly closing?: true;
}

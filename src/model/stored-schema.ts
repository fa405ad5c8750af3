import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from './schema.js';

/** A tenant's schema as stored: one JSON document, opaque to the repository, in which `undefined` is no value either. */
export interface StoredSchema {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions: readonly StoredExtensionDefinition[];
  readonly identificationKeys: readonly StoredKeyDefinition[];
  /**
   * The indexes of keys that went with the last change: whoever made it may have ended before all their entries were
   * removed. Who makes the next one sees to it.
   */
  readonly formerIndexes?: readonly string[];
}

/** An extension whose deletion has begun is `closing`: nothing can be stored in it any more, and nothing is answered. */
export interface StoredExtensionDefinition extends ExtensionDefinition {
  readonly closing?: true;
}

/** A key is `filling` until the profiles that were there before it have their entries; it answers only then (R21). */
export interface StoredKeyDefinition extends IdentificationKeyDefinition {
  /** What its entries are stored under: never used again once the key is gone. */
  readonly index: string;
  readonly filling?: true;
}

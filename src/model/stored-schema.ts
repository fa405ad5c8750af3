import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from './schema.js';

/**
 * A tenant's schema as stored: one JSON document, opaque to the repository. An `undefined` member equals an absent one.
 */
export interface StoredSchema {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions: readonly StoredExtensionDefinition[];
  readonly identificationKeys: readonly StoredKeyDefinition[];
  /**
   * The indexes of keys that the last change removed. Its process may have ended before it dropped all their entries,
   * so the next change drops the rest.
   */
  readonly formerIndexes?: readonly string[];
}

/** An extension as stored. `closing`: it is draining, so new records are refused and stored ones are hidden (W8). */
export interface StoredExtensionDefinition extends ExtensionDefinition {
  readonly closing?: true;
}

/** A key as stored. `filling`: it is backfilling, and finds nothing until all profiles have their entries (R21). */
export interface StoredKeyDefinition extends IdentificationKeyDefinition {
  /** The key of its index entries. Never reused after the identification key is removed. */
  readonly index: string;
  readonly filling?: true;
}

import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from './schema.js';

/**
 * A tenant's schema as stored: one JSON document, opaque to the repository. An `undefined` member equals an absent one.
 */
export interface StoredSchema {
  readonly attributes: readonly StoredAttributeDefinition[];
  readonly extensions: readonly StoredExtensionDefinition[];
  readonly identificationKeys: readonly StoredKeyDefinition[];
  /**
   * The indexes of keys that the last change removed. Its process may have ended before it dropped all their entries,
   * so the next change drops the rest.
   */
  readonly formerIndexes?: readonly string[];
  /** The highest number that a definition has or had. Absent in schemas of version 0.1, as all numbers are. */
  readonly lastNumber?: number;
  /**
   * The lowest version since which no definition was removed, retyped, renamed or moved before another: documents that were
   * canonical by it, or by a later one, still are. Absent in schemas that were stored before documents were marked so.
   */
  readonly canonicalSince?: number;
}

/** An attribute of the profile as stored. */
export interface StoredAttributeDefinition extends AttributeDefinition {
  readonly number?: number;
}

/** An extension as stored. `closing`: it is draining, so new records are refused and stored ones are hidden (W8). */
export interface StoredExtensionDefinition extends ExtensionDefinition {
  readonly closing?: true;
  /**
   * Identifies the definition for good, as that of an attribute does (R22): it stays while values fit, and none is used
   * twice, so that a definition that was removed and comes back is another one.
   */
  readonly number?: number;
}

/** A key as stored. `filling`: it is backfilling, and finds nothing until all profiles have their entries (R21). */
export interface StoredKeyDefinition extends IdentificationKeyDefinition {
  /** The key of its index entries. Never reused after the identification key is removed. */
  readonly index: string;
  /**
   * An attribute of the key was multi-valued, and is no longer: there may be entries for values that are residual now, and
   * are not to be found (R23).
   */
  readonly narrowed?: true;
  readonly filling?: true;
}

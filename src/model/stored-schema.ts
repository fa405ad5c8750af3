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
   * The folded names that attributes or extensions had, present or former, and none has now: residual values may stand
   * under them (R23). Absent if they are not all known: of a schema of version 0.1, and where they have become too many.
   */
  readonly retiredNames?: readonly string[];
  /**
   * The lowest version since which no definition was removed, retyped, renamed or moved before another: documents that were
   * canonical by it, or by a later one, still are. Absent in schemas that were stored before documents were marked so.
   */
  readonly canonicalSince?: number;
}

/** A stored schema without its identification keys. */
export type SchemaParts = Pick<StoredSchema, 'attributes' | 'extensions'>;

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
  readonly filling?: true;
  /**
   * How a key that is backfilling reads profiles, where the schema does not read them so yet: the change that adds the key
   * defines its attributes as well, or gives them another type, multiplicity or name.
   */
  readonly reads?: KeyReading;
}

/** The definitions by which a key reads profiles: as the next schema has them, without what only restricts values. */
export interface KeyReading {
  /** Absent for a key on the attributes of the profile. */
  readonly extension?: Pick<ExtensionDefinition, 'name' | 'type' | 'formerly'>;
  /** In the order of the key. */
  readonly attributes: readonly Pick<AttributeDefinition, 'name' | 'type' | 'multiValued' | 'formerly'>[];
}

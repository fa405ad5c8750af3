/** The types of attribute values; what each accepts and keeps is in `rules/values/`, one file a type. */
export const VALUE_TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'] as const;

export type ValueType = (typeof VALUE_TYPES)[number];

/** The definition of an attribute (R4). */
export interface AttributeDefinition {
  /** By R1; unique without regard to case. */
  readonly name: string;
  readonly type: ValueType;
  /** Whether it has a list of values rather than one. Default false. Never in an extension (R10). */
  readonly multiValued?: boolean | undefined;
  /** Whether it must have a value (R9). Default false. */
  readonly mandatory?: boolean | undefined;
  /** For strings alone: the most code points, 1 to 65,535. Default 256. */
  readonly length?: number | undefined;
  /** The value where none is given; must itself be valid. */
  readonly default?: unknown;
}

export const EXTENSION_TYPES = ['single-valued', 'multi-valued'] as const;

export type ExtensionType = (typeof EXTENSION_TYPES)[number];

/** The definition of an extension (R10). */
export interface ExtensionDefinition {
  /** By R1; unique without regard to case among the extensions and attributes of the profile. */
  readonly name: string;
  readonly type: ExtensionType;
  /** The attributes of each record; there may be none. */
  readonly attributes: readonly AttributeDefinition[];
  /** For multi-valued extensions: the attributes on which no two records of one profile agree. */
  readonly unique?: readonly string[] | undefined;
}

/** The source of an identification key on the attributes of the profile itself; no extension can have this name (R1). */
export const PROFILE = 'profile';

/** The definition of an identification key: attributes by which profiles are found (R18). */
export interface IdentificationKeyDefinition {
  /** By R1; unique without regard to case among the keys. */
  readonly name: string;
  /** Where the attributes are: `profile`, which is the default, or the name of an extension. */
  readonly source?: string | undefined;
  /** One or more names of attributes of the source. */
  readonly attributes: readonly string[];
  /** Whether no two profiles of the tenant may share an entry (R19). Default false. */
  readonly unique?: boolean | undefined;
  /** Default true; false compares by Unicode simple case folding after NFKC. */
  readonly caseSensitive?: boolean | undefined;
}

/** What a tenant declares. */
export interface SchemaDefinition {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions?: readonly ExtensionDefinition[] | undefined;
  readonly identificationKeys?: readonly IdentificationKeyDefinition[] | undefined;
}

/** A declared schema with its version: 1 at first, and greater with every change; one that takes steps adds several. */
export interface Schema {
  readonly version: number;
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions: readonly ExtensionDefinition[];
  readonly identificationKeys: readonly IdentificationKeyDefinition[];
}

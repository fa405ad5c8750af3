/** The types of attribute values (R3). `rules/values/` has one file per type. */
export const VALUE_TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'] as const;

/** The type of an attribute's values (R3). */
export type ValueType = (typeof VALUE_TYPES)[number];

/** The formats that the text of an attribute may be required to have (R24). `rules/formats/` has their tests. */
export const FORMATS = ['email', 'uri', 'uuid', 'phone', 'language', 'country', 'currency-code', 'timezone'] as const;

/** A format of text (R24). */
export type Format = (typeof FORMATS)[number];

/** The definition of an attribute (R4), with what constrains its values (R24) and describes it (R25). */
export interface AttributeDefinition {
  /** A letter, then at most 63 letters, digits or underscores. Not reserved, and unique ignoring case (R1). */
  readonly name: string;
  /** The type of its values (R3). */
  readonly type: ValueType;
  /**
   * Former names (R26): what is stored under one of them counts as stored under `name`. A former name of the definition
   * that one of them names is taken in. At most 100.
   */
  readonly formerly?: readonly string[] | undefined;
  /** Whether the value is an array. Default false. Must be false in an extension (R10). */
  readonly multiValued?: boolean | undefined;
  /** Whether the attribute must have a value (R9). Default false. */
  readonly mandatory?: boolean | undefined;
  /** For type `string` only: the maximum length in Unicode code points, 1 to 65,535. Default 256. */
  readonly length?: number | undefined;
  /** The value of profiles or records that provide none (R6). Must be valid for the attribute. */
  readonly default?: unknown;
  /** For `string`, `integer`, `long`, `currency` and `date`: 1 to 1,000 values, one of which each value equals as stored. */
  readonly oneOf?: readonly (string | number)[] | undefined;
  /** For `integer`, `long`, `double`, `currency`, `date` and `datetime`: the least value. */
  readonly minimum?: string | number | undefined;
  /** For the same types: the greatest value. */
  readonly maximum?: string | number | undefined;
  /** For type `string` only: the minimum length in Unicode code points. */
  readonly minLength?: number | undefined;
  /** For type `string` only: a regular expression in RE2 syntax that matches the whole text. */
  readonly pattern?: string | undefined;
  /** For type `string` only: the format of the text. */
  readonly format?: Format | undefined;
  /** For multi-valued attributes only: the least number of values, where there is any. */
  readonly minItems?: number | undefined;
  /** For multi-valued attributes only: the greatest number of values. */
  readonly maxItems?: number | undefined;
  /**
   * Whether a replacement that leaves the attribute out is refused, where that would clear it (L2). For attributes of the
   * profile only. Default false.
   */
  readonly protected?: boolean | undefined;
  /** A name for people: at most 256 code points (R25). */
  readonly title?: string | undefined;
  /** What the attribute is for: at most 4,096 code points (R25). */
  readonly description?: string | undefined;
}

export const EXTENSION_TYPES = ['single-valued', 'multi-valued', 'classifier'] as const;

/**
 * Whether a profile has at most one record of an extension, or any number (R10). A `classifier` is single-valued and has no
 * attributes (W14).
 */
export type ExtensionType = (typeof EXTENSION_TYPES)[number];

/** The definition of an extension (R10). */
export interface ExtensionDefinition {
  /** As an attribute's name (R1). Unique ignoring case among the extensions and attributes of the schema. */
  readonly name: string;
  /** Whether a profile has at most one record, or any number. */
  readonly type: ExtensionType;
  /** Former names, as those of an attribute (R26). */
  readonly formerly?: readonly string[] | undefined;
  /** The attributes of each record. May be empty; a definition that is read from JSON may leave it out. */
  readonly attributes: readonly AttributeDefinition[];
  /**
   * For multi-valued extensions only: names of attributes. No two records of a profile have equal values for all of
   * them.
   */
  readonly unique?: readonly string[] | undefined;
  /** For multi-valued extensions only: the greatest number of records of a profile (R24). */
  readonly maxRecords?: number | undefined;
  /** Whether a replacement that leaves the extension out is refused, where that would remove its records (L2). Default false. */
  readonly protected?: boolean | undefined;
  /** A name for people: at most 256 code points (R25). */
  readonly title?: string | undefined;
  /** What the extension is for: at most 4,096 code points (R25). */
  readonly description?: string | undefined;
}

/**
 * The `source` of identification keys on the attributes of the profile itself. No extension can have this name (R1).
 */
export const PROFILE = 'profile';

/** The definition of an identification key: the attributes by which profiles are found (R18). */
export interface IdentificationKeyDefinition {
  /** As an attribute's name (R1). Unique ignoring case among the keys. */
  readonly name: string;
  /** The owner of the attributes: the name of an extension, or `profile`. Default `profile`. */
  readonly source?: string | undefined;
  /** One or more names of attributes of the source. */
  readonly attributes: readonly string[];
  /** Whether no two profiles of the tenant may have the same values (R19). Default false. */
  readonly unique?: boolean | undefined;
  /** Whether strings are compared exactly. Default true. If false: by Unicode simple case folding after NFKC (R18). */
  readonly caseSensitive?: boolean | undefined;
}

/** A schema to declare: the input of `schemas.define`. */
export interface SchemaDefinition {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions?: readonly ExtensionDefinition[] | undefined;
  readonly identificationKeys?: readonly IdentificationKeyDefinition[] | undefined;
}

/** A tenant's schema as the services return it: a copy. */
export interface Schema {
  /** 1 at first. Each change increases it by at least one: a change in several steps stores several versions. */
  readonly version: number;
  readonly attributes: readonly AttributeDefinition[];
  /** Without extensions that are draining. */
  readonly extensions: readonly ExtensionDefinition[];
  /** Without keys that are backfilling (R21). */
  readonly identificationKeys: readonly IdentificationKeyDefinition[];
}

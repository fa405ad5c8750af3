import type { AttributeValue, ExtensionRecord } from './profile.js';

/**
 * The attributes of a profile as one JSON document of up to 1 MiB. Names are data: `constructor` is a valid name. The
 * order of members is insignificant; the order of arrays is significant. A member that is `undefined` equals an absent
 * one. Strings are well-formed Unicode without U+0000.
 */
export type AttributesDocument = Readonly<Record<string, AttributeValue>>;

/**
 * The extensions of a profile as one JSON document: each extension is an array of records, even a single-valued one.
 */
export type ExtensionsDocument = Readonly<Record<string, readonly ExtensionRecord[]>>;

/**
 * Stored values that the schema no longer knows (R23): attributes, and whole extensions, by the names that they had.
 * Residual values inside a record stay in that record.
 */
export interface ResidualDocument {
  readonly attributes?: AttributesDocument | undefined;
  readonly extensions?: ExtensionsDocument | undefined;
}

/** The documents of a stored profile. */
export interface StoredContent {
  readonly attributes: AttributesDocument;
  /** Absent if they were not loaded. */
  readonly extensions?: ExtensionsDocument | undefined;
  readonly residual?: ResidualDocument | undefined;
}

/** Names of attributes and of extensions: a letter, then at most 63 letters, digits or underscores. */
export interface MemberNames {
  readonly attributes: readonly string[];
  readonly extensions: readonly string[];
}

/** An index entry: an identification key and the digest of a combination of values. Profiles are found by it. */
export interface IndexEntry {
  /** The index of a key: 1 to 100 printable ASCII characters (0x20 to 0x7E), opaque, compared byte for byte. */
  readonly key: string;
  /** SHA-256 as 64 lower-case hexadecimal digits. Equal digests mean equal values. */
  readonly digest: string;
  /** Whether at most one profile of the tenant may have this entry (R19). The same for all entries of a key. */
  readonly unique: boolean;
}

import type { AttributeValue, ExtensionRecord } from './profile.js';

/**
 * The attributes of a profile as one JSON document, of up to 1 MiB. Names are data: `constructor` is a name like any
 * other. The order of members means nothing, that of lists does; `undefined` is no value, and a member that has it is
 * the same as none. Texts are well-formed Unicode without U+0000.
 */
export type AttributesDocument = Readonly<Record<string, AttributeValue>>;

/** The extensions of a profile as one JSON document, likewise; every extension is a list, also a single-valued one. */
export type ExtensionsDocument = Readonly<Record<string, readonly ExtensionRecord[]>>;

/** An entry by which profiles are found: an identification key and the digest of the values. */
export interface IndexEntry {
  /**
   * Which key: 1 to 100 printable ASCII characters (0x20 to 0x7E, of which any may be any), opaque to the repository,
   * compared byte for byte.
   */
  readonly key: string;
  /** SHA-256, 64 lower-case hexadecimal digits. Equal digests mean equal values. */
  readonly digest: string;
  /** Whether at most one profile of the tenant may have this entry (R19); the same for all entries of a key. */
  readonly unique: boolean;
}

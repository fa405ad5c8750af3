import type { ResidualDocument } from './documents.js';

/** One stored value of an attribute. The table of types in `docs/rules.md` gives the form of each (R3). */
export type ScalarValue = string | number | boolean;

/** The value of an attribute: an array if the attribute is multi-valued, otherwise one scalar (R4). */
export type AttributeValue = ScalarValue | ScalarValue[];

/** Attributes by name, in the case and order of the schema (R1). An attribute without a value has no member (R5). */
export type Attributes = Record<string, AttributeValue>;

/** One record of an extension: its attributes by name. Attributes of extensions are never multi-valued (R10). */
export type ExtensionRecord = Record<string, ScalarValue>;

/** Extensions by name: an array of records if the extension is multi-valued, otherwise one record (R10). */
export type Extensions = Record<string, ExtensionRecord | ExtensionRecord[]>;

/** A customer profile as the services return it: a copy, which the caller may mutate. */
export interface Profile {
  readonly tenantId: string;
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`, unique within the tenant. Case-sensitive. */
  readonly customerId: string;
  /** 1 at creation; each change adds one (R13). */
  readonly revision: number;
  /**
   * What this profile shows of which state (R22): the `basedOn` of a change that is to touch no more than that, as the
   * profile itself is. Opaque; over HTTP it is the entity tag.
   */
  readonly reading: string;
  readonly attributes: Attributes;
  /**
   * The requested extensions; after a creation or replacement, those of the representation (W5). Absent if there are
   * none of these. A multi-valued extension without records is `[]`; a single-valued one without a record has no member
   * (W4).
   */
  readonly extensions?: Extensions;
  /**
   * The stored values that the schema does not know (R23), if the call asked for them: attributes, extensions, and of
   * records the members that it does not know. Absent if there are none.
   */
  readonly residual?: ResidualDocument;
  /** The label that trusted infrastructure set (W1). Absent if it set none. */
  readonly segment?: string;
  /** When the profile was created: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
  readonly createdAt: string;
  /** When the current revision was written: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
  readonly updatedAt: string;
}

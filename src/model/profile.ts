/** One value of an attribute, as kept: see the table of types in `docs/rules.md`. */
export type ScalarValue = string | number | boolean;

/** The value of an attribute: an array where the attribute is multi-valued, one scalar where it is not (R4). */
export type AttributeValue = ScalarValue | ScalarValue[];

/** Attributes by name, in the case and order that the schema declares. An attribute without a value has no member (R5). */
export type Attributes = Record<string, AttributeValue>;

/** One record of an extension. */
export type ExtensionRecord = Record<string, ScalarValue>;

/** Extensions by name: one record where the extension is single-valued, a list where it is multi-valued. */
export type Extensions = Record<string, ExtensionRecord | ExtensionRecord[]>;

/** A customer profile as the services answer it: a copy, the caller's to keep and to change. */
export interface Profile {
  readonly tenantId: string;
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`, unique in the tenant. */
  readonly customerId: string;
  /** 1 at creation, plus one with every change (R13). */
  readonly revision: number;
  readonly attributes: Attributes;
  /**
   * The extensions that were asked for, or that a creation or replacement gave; absent when none were. A multi-valued extension
   * without a record is `[]`, a single-valued one has no member (W4).
   */
  readonly extensions?: Extensions;
  /** The label that trusted infrastructure set; absent when it set none. */
  readonly segment?: string;
  /** UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
  readonly createdAt: string;
  /** UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`: when the current revision came to be. */
  readonly updatedAt: string;
}

/**
 * The input to create or replace a profile, with attributes and extensions apart.
 *
 * Without `extensions`, or with `undefined`, every extension stays as it is (R7). An object, even an empty one,
 * replaces all extensions (R8). Values are `unknown`, since they are checked against the tenant's schema at run time.
 */
export interface SplitRepresentation {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The input to create or replace a profile as one object, the wire format: attributes and extensions side by side,
 * which the names in the schema distinguish. If any member has the name of an extension, the input replaces all
 * extensions (R8); otherwise they stay as they are (R7).
 */
export interface FlatRepresentation {
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * The input to create or replace a profile, in either form. Pointers of violations start at `members` in the flat form
 * (`/FirstName`), and at the representation in the split form (`/attributes/FirstName`).
 */
export type Representation = SplitRepresentation | FlatRepresentation;

/** The input to patch a profile, with attributes and extensions apart; either may be left out. */
export interface SplitPatch {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The input to patch a profile, in either form (L5). Members that are given replace, `null` clears, and all others stay.
 * The record of a single-valued extension is patched likewise; a multi-valued attribute or extension is replaced as a
 * whole.
 */
export type ProfilePatch = SplitPatch | FlatRepresentation;

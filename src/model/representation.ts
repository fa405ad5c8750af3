/**
 * What a caller sends to create or replace a profile.
 *
 * `extensions` absent or `undefined` leaves every extension as it is (R7); an object, were it empty, replaces all of
 * them (R8). Values are checked against the tenant's schema, so they are `unknown` here.
 */
export interface SplitRepresentation {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The same as one object, as it stands on the wire: attributes and extensions side by side, told apart by the names
 * that the schema declares. Extensions count as sent when any member has the name of one (R7, R8).
 */
export interface FlatRepresentation {
  readonly members: Readonly<Record<string, unknown>>;
}

/** Either form. Violations point into `members` (`/FirstName`) or into the split form (`/attributes/FirstName`). */
export type Representation = SplitRepresentation | FlatRepresentation;

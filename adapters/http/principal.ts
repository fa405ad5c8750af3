/** The roles of callers, in ascending order: each includes the rights of the ones before it. */
export const ROLES = ['reader', 'writer', 'administrator'] as const;

export type Role = (typeof ROLES)[number];

/** The caller of a request, as the host's `authenticate` returns it. */
export interface Principal {
  /**
   * Appears in the request log. It is the actor of the caller's changes, if it has 1 to 256 code points without control
   * characters.
   */
  readonly name: string;
  readonly role: Role;
  /** The tenants that the caller may access, as decimal digits. Default: all (W1). */
  readonly tenants?: readonly string[] | undefined;
  /** Whether the caller may set segments with `X-Genesys-Segment`, which is otherwise ignored (W1). Default false. */
  readonly maySetSegment?: boolean | undefined;
  /**
   * Whether the caller may say who makes a change and why, with `X-Genesys-Actor` and `X-Genesys-Reason`, which are
   * otherwise ignored (W13). Default false.
   */
  readonly maySetActor?: boolean | undefined;
}

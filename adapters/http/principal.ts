/** The roles of callers, in ascending order: each includes the rights of the ones before it. */
export const ROLES = ['reader', 'writer', 'administrator'] as const;

export type Role = (typeof ROLES)[number];

/** The caller of a request, as the host's `authenticate` returns it. */
export interface Principal {
  /** Appears in the request log. */
  readonly name: string;
  readonly role: Role;
  /** The tenants that the caller may access, as decimal digits. Default: all (W1). */
  readonly tenants?: readonly string[] | undefined;
  /** Whether the caller may set segments with `X-Genesys-Segment`, which is otherwise ignored (W1). Default false. */
  readonly maySetSegment?: boolean | undefined;
}

/** What callers may do; each role may do all that the ones before it may. */
export const ROLES = ['reader', 'writer', 'administrator'] as const;

export type Role = (typeof ROLES)[number];

/** Who sends a request, as the host's `authenticate` tells it. */
export interface Principal {
  /** For the request log. */
  readonly name: string;
  readonly role: Role;
  /** The tenants that the caller is bound to, as decimal numbers; absent when bound to none, so that it may have any (W1). */
  readonly tenants?: readonly string[] | undefined;
  /** Whether `X-Genesys-Segment` is heeded; from other callers it is ignored (W1). Default false. */
  readonly maySetSegment?: boolean | undefined;
}

/** Whether a principal's role is the one that is needed, or above it. A role that is none of {@link ROLES} is below all. */
export function hasRole(principal: Principal, needed: Role): boolean {
  return ROLES.indexOf(principal.role) >= ROLES.indexOf(needed);
}

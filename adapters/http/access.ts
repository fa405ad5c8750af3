import { MalformedRequestError, NotAllowedError, UnauthenticatedError } from 'dossier';
import type { Context } from 'hono';

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

/**
 * Identifies the caller of a request. Returns `undefined` if the credentials are missing or wrong.
 *
 * The Hono context carries what the host already knows about the caller: `context.get(…)` returns what the host's Hono
 * middleware has set; `context.env` is the second argument of `fetch`, such as `{ incoming }` from @hono/node-server.
 */
export type Authenticate = (
  request: Request,
  context: Context,
) => Principal | undefined | Promise<Principal | undefined>;

/** The caller where the host does not authenticate: may do everything except set segments (W1). */
const ANYONE: Principal = { name: 'anyone', role: 'administrator' };

/** @throws UnauthenticatedError if the credentials are missing or wrong */
export async function principalOf(context: Context, authenticate: Authenticate | undefined): Promise<Principal> {
  const principal = authenticate ? await authenticate(context.req.raw, context) : ANYONE;
  if (!principal) throw new UnauthenticatedError('The credentials are missing or wrong.');
  return principal;
}

/** @throws NotAllowedError if the caller's role is below `needed`, or is not one of {@link ROLES} */
export function requireRole({ role }: Principal, needed: Role): void {
  if (ROLES.indexOf(role) < ROLES.indexOf(needed)) {
    throw new NotAllowedError(`This operation needs the role ${needed}.`);
  }
}

export const TENANT_HEADER = 'x-genesys-tenantid';

/** The form of a tenant id over HTTP (W1). */
export const TENANT_FORM = /^[0-9]{1,18}$/;

/** The tenant id without leading zeros, which have no meaning (W1). */
export function canonicalTenant(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

/** The tenant of a request, or the default tenant; `undefined` if there is neither, or if the header is not valid. */
export function tenantOf(headers: Headers, defaultTenant: string | undefined): string | undefined {
  const named = headers.get(TENANT_HEADER) ?? defaultTenant;
  return named !== undefined && TENANT_FORM.test(named) ? canonicalTenant(named) : undefined;
}

/** @throws NotAllowedError if the caller is bound to other tenants (W1), whether or not this one exists */
export function requireTenantAccess(principal: Principal, tenantId: string): void {
  const allowed = principal.tenants?.some((tenant) => canonicalTenant(tenant) === tenantId) ?? true;
  if (!allowed) throw new NotAllowedError('The credentials do not give access to this tenant.');
}

/** @throws NotAllowedError if the caller is bound to tenants, where an operation concerns all */
export function requireAllTenants({ tenants }: Principal): void {
  if (tenants !== undefined) throw new NotAllowedError('This operation concerns all tenants. The credentials do not.');
}

/** @throws MalformedRequestError if the request has no valid tenant and there is no default tenant (W1) */
export function requireTenant(tenantId: string | undefined): asserts tenantId is string {
  if (tenantId === undefined) {
    throw new MalformedRequestError('The header X-Genesys-TenantId must be 1 to 18 decimal digits.');
  }
}

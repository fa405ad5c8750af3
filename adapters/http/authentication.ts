import { NotAllowedError, UnauthenticatedError } from 'dossier';
import type { Context } from 'hono';
import { type Principal, ROLES, type Role } from './principal.js';

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

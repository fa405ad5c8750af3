import { NotAllowedError, UnauthenticatedError } from 'dossier';
import type { Context } from 'hono';
import { hasRole, type Principal, type Role } from './principal.js';

/**
 * Tells who sends a request; answers nothing when the credentials are missing or wrong.
 *
 * By the context a host that knows already who calls hands it over: `context.get(…)` has what middleware of a Hono host has
 * set, `context.env` what was given to `fetch` beside the request, such as `{ incoming }` by @hono/node-server.
 */
export type Authenticate = (
  request: Request,
  context: Context,
) => Principal | undefined | Promise<Principal | undefined>;

/** Who calls where the host names nobody: a caller who may do everything but set the segment (W1). */
const ANYONE: Principal = { name: 'anyone', role: 'administrator' };

/** @throws UnauthenticatedError if the credentials are missing or wrong */
export async function principalOf(context: Context, authenticate: Authenticate | undefined): Promise<Principal> {
  const principal = authenticate ? await authenticate(context.req.raw, context) : ANYONE;
  if (!principal) throw new UnauthenticatedError('The credentials are missing or wrong.');
  return principal;
}

/** @throws NotAllowedError if the caller's role is below the one that an operation needs */
export function requireRole(principal: Principal, needed: Role): void {
  if (!hasRole(principal, needed)) throw new NotAllowedError(`This needs the role ${needed}.`);
}

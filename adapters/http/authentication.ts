import { NotAllowedError, UnauthenticatedError } from 'dossier';
import { hasRole, type Principal, type Role } from './principal.js';

/** Tells who sends a request; answers nothing when the credentials are missing or wrong. */
export type Authenticate = (request: Request) => Principal | undefined | Promise<Principal | undefined>;

/** Who calls where the host names nobody: a caller who may do everything but set the segment (W1). */
const ANYONE: Principal = { name: 'anyone', role: 'administrator' };

/** @throws UnauthenticatedError if the credentials are missing or wrong */
export async function principalOf(request: Request, authenticate: Authenticate | undefined): Promise<Principal> {
  const principal = authenticate ? await authenticate(request) : ANYONE;
  if (!principal) throw new UnauthenticatedError('The credentials are missing or wrong.');
  return principal;
}

/** @throws NotAllowedError if the caller's role is below the one that an operation needs */
export function requireRole(principal: Principal, needed: Role): void {
  if (!hasRole(principal, needed)) throw new NotAllowedError(`This needs the role ${needed}.`);
}

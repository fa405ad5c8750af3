import type { IncomingMessage } from 'node:http';
import type { Authenticate, Principal } from 'dossier/http';

declare module 'node:http' {
  interface IncomingMessage {
    user?: Principal | undefined;
  }
}

/** A placeholder for the sessions, tokens or directory of a real host. */
const USERS: ReadonlyMap<string | undefined, Principal> = new Map([
  ['Bearer reader', { name: 'reader', role: 'reader' }],
  ['Bearer writer', { name: 'writer', role: 'writer' }],
]);

export function userWith(authorization: string | undefined): Principal | undefined {
  return USERS.get(authorization);
}

/** The host's own authentication: a middleware that sets `request.user` for the routes after it. */
export function signIn(request: IncomingMessage, _response?: unknown, next?: () => void): void {
  request.user = userWith(request.headers.authorization);
  next?.();
}

/** Tells Dossier who calls: the user that the host has authenticated. @hono/node-server passes Node's request as `env.incoming`. */
export const userOfHost: Authenticate = (_request, { env }) => env.incoming.user;

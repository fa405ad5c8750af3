import type { IncomingMessage } from 'node:http';
import type { Authenticate, Principal } from 'dossier/http';

declare module 'node:http' {
  interface IncomingMessage {
    user?: Principal | undefined;
  }
}

/** Stands for what a host has: sessions, tokens, a directory. */
const USERS: ReadonlyMap<string | undefined, Principal> = new Map([
  ['Bearer reader', { name: 'reader', role: 'reader' }],
  ['Bearer writer', { name: 'writer', role: 'writer' }],
]);

export function userWith(authorization: string | undefined): Principal | undefined {
  return USERS.get(authorization);
}

/** The host's own authentication, a middleware that tells all routes behind it who calls. */
export function signIn(request: IncomingMessage, _response?: unknown, next?: () => void): void {
  request.user = userWith(request.headers.authorization);
  next?.();
}

/** Whom the host has found. `env` is what @hono/node-server gives beside the request. */
export const userOfHost: Authenticate = (_request, { env }) => env.incoming.user;

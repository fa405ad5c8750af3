import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gracefulShutdown } from './graceful-shutdown.js';
import { importPeers } from './import-peers.js';
import { UserError } from './user-error.js';

/** How long a server waits for its clients, in milliseconds. */
export interface ServerTimeouts {
  /** The headers of a request. A body has no such limit, since an import may take any time. */
  readonly headers: number;
  /** A connection without traffic, even within a request. */
  readonly idle: number;
  /** Requests in flight when the server is stopped. */
  readonly shutdown: number;
}

const DEFAULT_TIMEOUTS: ServerTimeouts = { headers: 30_000, idle: 120_000, shutdown: 30_000 };

/** How often the server checks for headers that are overdue. */
const HEADERS_CHECK_INTERVAL_MS = 1_000;

/** The host of an HTTP/1.0 request, which need not name one. */
const DEFAULT_HOST = 'localhost';

type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A listening server. */
export interface HttpServer {
  /** The actual port, also where 0 was requested. */
  readonly port: number;
  /** Stops accepting connections, and resolves once every request in flight is answered or timed out. */
  readonly stop: () => Promise<void>;
}

/** @throws UserError if the address cannot be listened on */
export async function listen(
  fetch: FetchHandler,
  host: string,
  port: number,
  timeouts: ServerTimeouts = DEFAULT_TIMEOUTS,
): Promise<HttpServer> {
  const { getRequestListener } = await importPeers(['@hono/node-server', 'hono'], () => import('@hono/node-server'));
  const listener = getRequestListener(fetch, { hostname: DEFAULT_HOST, errorHandler: malformedRequest });
  const connectionsCheckingInterval = Math.min(HEADERS_CHECK_INTERVAL_MS, timeouts.headers);
  const options = { headersTimeout: timeouts.headers, requestTimeout: 0, connectionsCheckingInterval };
  const server = createServer(options, listener).setTimeout(timeouts.idle);
  const stop = gracefulShutdown(server, timeouts.shutdown);
  await startListening(server, host, port);
  return { port: (server.address() as AddressInfo).port, stop };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new UserError(`Cannot listen on --host ${host}, --port ${port}: ${reasonOf(error)}.`));
    });
    server.listen(port, host, resolve);
  });
}

function reasonOf({ code, name }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'the port is in use; choose another one, or 0 for any free port';
  if (code === 'EACCES') return 'permission denied; ports below 1024 may need root';
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') return 'this machine has no such address';
  return code ?? name;
}

/** The response to what cannot be a request, such as one with an invalid Host header. */
function malformedRequest(): Response {
  const problem = {
    type: 'urn:dossier:error:malformed_request',
    title: 'Malformed request',
    status: 400,
    code: 'malformed_request',
  };
  return new Response(JSON.stringify(problem), {
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
  });
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gracefulStop } from './graceful-stop.js';
import { importPeers } from './import-peers.js';
import { UserError } from './user-error.js';

/** How long a server waits for its clients, each in milliseconds. */
export interface ServerPatience {
  /** How long the headers of a request may take. Its body may take longer, since an import is as long as it is. */
  readonly headers: number;
  /** A connection on which nothing moves for so long is closed. */
  readonly silence: number;
  /** A slow client, or a long import, keeps a stopping server waiting no longer than this. */
  readonly stop: number;
}

const PATIENCE: ServerPatience = { headers: 30_000, silence: 120_000, stop: 30_000 };

/** How often it looks for headers that have taken too long. */
const LOOK_EVERY_MS = 1_000;

/** Stands for the host in requests of HTTP/1.0, which need not name one. */
const UNNAMED_HOST = 'localhost';

type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A server that listens. */
export interface HttpServer {
  /** The real one, also where 0 was asked for. */
  readonly port: number;
  /** Stops accepting, and resolves when every request that has begun is answered, or has taken too long. */
  readonly stop: () => Promise<void>;
}

/** @throws UserError if it cannot listen there */
export async function listen(
  fetch: FetchHandler,
  host: string,
  port: number,
  patience: ServerPatience = PATIENCE,
): Promise<HttpServer> {
  const { getRequestListener } = await importPeers(['@hono/node-server', 'hono'], () => import('@hono/node-server'));
  const listener = getRequestListener(fetch, { hostname: UNNAMED_HOST, errorHandler: refuseRequest });
  const connectionsCheckingInterval = Math.min(LOOK_EVERY_MS, patience.headers);
  const timeouts = { headersTimeout: patience.headers, requestTimeout: 0, connectionsCheckingInterval };
  const server = createServer(timeouts, listener).setTimeout(patience.silence);
  const stop = gracefulStop(server, patience.stop);
  await startListening(server, host, port);
  return { port: (server.address() as AddressInfo).port, stop };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is taken' : (error.code ?? error.name);
      reject(new UserError(`Cannot listen on ${host}, port ${port}: ${reason}.`));
    });
    server.listen(port, host, resolve);
  });
}

/** The answer to a request that is none, such as one with an impossible Host. */
function refuseRequest(): Response {
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

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { gracefulShutdown } from './graceful-shutdown.js';
import { importPeers } from './import-peers.js';
import { checkHost, checkLocal } from './incoming-checks.js';
import {
  malformed,
  parserRefusal,
  type Refusal,
  type RefusalLogEntry,
  refusalResponse,
  UNKNOWN_EXPECTATION,
} from './refusal.js';
import { UserError } from './user-error.js';

/** How long a server waits for its clients, in milliseconds. */
export interface ServerTimeouts {
  /** The headers of a request. The API limits the time of a body. */
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

/** Answers requests; `env` is what the server knows of the connection. */
export type FetchHandler = (request: Request, env?: unknown) => Response | Promise<Response>;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly timeouts?: ServerTimeouts;
  /** Whether to refuse what comes from other sites, for a server that requires no credentials. Default false. */
  readonly localOnly?: boolean;
  /** Asked before each request reaches the API. */
  readonly refuse?: (incoming: IncomingMessage) => Refusal | undefined;
  /** Called for each request that does not reach the API. */
  readonly onRefused?: (entry: RefusalLogEntry) => void;
}

/** A listening server. */
export interface HttpServer {
  /** The actual port, also where 0 was requested. */
  readonly port: number;
  /** Stops accepting connections, and resolves once every request in flight is answered or timed out. */
  readonly stop: () => Promise<void>;
}

/** @throws UserError if the address cannot be listened on */
export async function listen(fetch: FetchHandler, options: ListenOptions): Promise<HttpServer> {
  const { host, port, timeouts = DEFAULT_TIMEOUTS, onRefused = () => undefined } = options;
  const { getRequestListener } = await importPeers(['@hono/node-server', 'hono'], () => import('@hono/node-server'));
  let current: IncomingMessage | undefined;
  const errorHandler = () => {
    // Called before the listener returns, for a request whose host or target is no part of a URL.
    const { status, body, headers } = refusal(
      malformed('The Host header or the target is not valid.'),
      current,
      onRefused,
    );
    return new Response(body, { status, headers });
  };
  const listener = getRequestListener(fetch, { hostname: DEFAULT_HOST, errorHandler });
  const check = (incoming: IncomingMessage) =>
    checkHost(incoming) ?? (options.localOnly ? checkLocal(incoming, host) : undefined) ?? options.refuse?.(incoming);
  const connectionsCheckingInterval = Math.min(HEADERS_CHECK_INTERVAL_MS, timeouts.headers);
  const server = createServer(
    // `checkHost` answers what Node would answer without a body and without a log line.
    { headersTimeout: timeouts.headers, requestTimeout: 0, connectionsCheckingInterval, requireHostHeader: false },
    (incoming, outgoing) => {
      const refused = check(incoming);
      if (refused) return respond(incoming, outgoing, refused, onRefused);
      current = incoming;
      return listener(incoming, outgoing);
    },
  ).setTimeout(timeouts.idle);
  // Node would answer without a body and without a log line.
  server.on('checkExpectation', (incoming, outgoing) => respond(incoming, outgoing, UNKNOWN_EXPECTATION, onRefused));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseUnparsed(error, socket, onRefused));
  const stop = gracefulShutdown(server, timeouts.shutdown);
  await startListening(server, host, port);
  return { port: (server.address() as AddressInfo).port, stop };
}

function refusal(refused: Refusal, incoming: IncomingMessage | undefined, onRefused: (entry: RefusalLogEntry) => void) {
  const response = refusalResponse(refused, incoming?.headers);
  const { requestId, status } = response;
  onRefused({
    requestId,
    method: incoming?.method,
    status,
    code: refused.code,
    client: incoming?.socket.remoteAddress,
  });
  return response;
}

function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  refused: Refusal,
  onRefused: (entry: RefusalLogEntry) => void,
): void {
  const { status, headers, body } = refusal(refused, incoming, onRefused);
  // The body is not read.
  outgoing.writeHead(status, { ...headers, connection: 'close' }).end(incoming.method === 'HEAD' ? undefined : body);
}

/** Answers what Node's parser refuses; Node itself would send a status line alone. */
function refuseUnparsed(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  onRefused: (entry: RefusalLogEntry) => void,
): void {
  const { _httpMessage: message } = socket as { _httpMessage?: ServerResponse };
  if (error.code === 'ECONNRESET' || !socket.writable || message?.headersSent) {
    socket.destroy();
    return;
  }
  const refused = parserRefusal(error);
  const { requestId, status, headers, body } = refusalResponse(refused);
  onRefused({ requestId, method: undefined, status, code: refused.code, client: (socket as Socket).remoteAddress });
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'), () => socket.destroy());
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

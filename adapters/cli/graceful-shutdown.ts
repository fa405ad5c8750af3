import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Returns a function that stops a server: requests in flight are answered, idle connections are closed at once, and after
 * the timeout everything is. `server.close()` alone would wait for idle connections.
 */
export function gracefulShutdown(server: Server, timeoutMs: number): () => Promise<void> {
  const sockets = new Set<Socket>();
  const inFlight = new Map<ServerResponse, Socket>();
  let stopping = false;

  const closeIdleConnections = () => {
    const busy = new Set(inFlight.values());
    for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_, response) => {
    inFlight.set(response, response.req.socket);
    response.once('close', () => {
      inFlight.delete(response);
      if (stopping) closeIdleConnections();
    });
  });

  return () =>
    new Promise((resolve) => {
      stopping = true;
      const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
      server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      for (const response of inFlight.keys()) if (!response.headersSent) response.setHeader('connection', 'close');
      closeIdleConnections();
    });
}

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Makes a function that stops a server once it has answered what has begun, or has waited long enough. Closing a server
 * alone would wait for connections on which nothing is asked.
 *
 * @param longestWait in milliseconds
 */
export function gracefulStop(server: Server, longestWait: number): () => Promise<void> {
  const sockets = new Set<Socket>();
  const answering = new Map<ServerResponse, Socket>();
  let stopping = false;

  const closeIdleConnections = () => {
    const busy = new Set(answering.values());
    for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_, response) => {
    answering.set(response, response.req.socket);
    response.once('close', () => {
      answering.delete(response);
      if (stopping) closeIdleConnections();
    });
  });

  return () =>
    new Promise((resolve) => {
      stopping = true;
      const deadline = setTimeout(() => server.closeAllConnections(), longestWait);
      server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      for (const response of answering.keys()) if (!response.headersSent) response.setHeader('connection', 'close');
      closeIdleConnections();
    });
}

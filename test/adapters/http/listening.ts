import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

let ofHooks: Server[] = [];
let ofTest: Server[] | undefined;

/** Starts a server on a free port, and returns its origin. Closes it after the test, or after the suite in a `before` hook. */
export async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  (ofTest ?? ofHooks).push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => {
  ofTest = [];
});

afterEach(() => {
  close(ofTest ?? []);
  ofTest = undefined;
});

after(() => {
  close(ofHooks);
  ofHooks = [];
});

function close(servers: readonly Server[]): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

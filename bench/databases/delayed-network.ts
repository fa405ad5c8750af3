import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const PORTS: Readonly<Record<string, string>> = { 'postgres:': '5432', 'mysql:': '3306' };

/** The way to a database server. */
export interface Network {
  /** The URL to connect to. */
  readonly url: string;
  close(): void;
}

/**
 * A proxy before a database server, which both sides of a comparison connect through. It delays each message, in each
 * direction, as a network does: messages that follow each other closely are delayed at the same time, so only round trips
 * add up.
 *
 * @param delayMs 0 for no proxy
 */
export async function delayedNetwork(url: string, delayMs: number): Promise<Network> {
  if (delayMs === 0) return { url, close() {} };
  const { protocol, hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (client) => {
    const server = connect({ host: hostname, port: Number(port || PORTS[protocol]), noDelay: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      // Timers of one duration fire in order.
      from.on('data', (message) => setTimeout(() => to.write(message), delayMs));
      from.on('end', () => setTimeout(() => to.end(), delayMs));
      from.on('error', () => to.destroy());
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const near = Object.assign(new URL(url), { hostname: '127.0.0.1', port: (proxy.address() as AddressInfo).port });
  return {
    url: near.href,
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}

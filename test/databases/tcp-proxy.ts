import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How much of the chunk at which a connection is cut is still forwarded. */
export const PARTS = ['none', 'half', 'all'] as const;

export interface Cut {
  /** The number of the chunk, in either direction, counted from 1. */
  readonly chunk: number;
  readonly part: (typeof PARTS)[number];
}

/** A proxy between a client and a server on this machine that can cut or stall connections. */
export class TcpProxy {
  /** The address of the server, with the proxy's own port. */
  url = '';
  readonly #target: URL;
  readonly #listener = createServer((client) => this.#connect(client));
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  #chunks = 0;
  #stalled = false;

  private constructor(url: string) {
    this.#target = new URL(url);
  }

  /** @param address of this machine */
  static async open(url: string, address: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<TcpProxy> {
    const proxy = new TcpProxy(url);
    proxy.#listener.listen(0, address);
    await once(proxy.#listener, 'listening');
    const { port } = proxy.#listener.address() as AddressInfo;
    proxy.url = Object.assign(new URL(url), { host: `${address === '::1' ? '[::1]' : address}:${port}` }).href;
    return proxy;
  }

  /** Cuts the connection on which this chunk arrives, counted from now. */
  cutAt(cut: Cut): void {
    this.#cut = cut;
    this.#chunks = 0;
  }

  /**
   * Cancels the cut.
   *
   * @returns whether it has happened
   */
  heal(): boolean {
    const hasCut = this.#cut !== undefined && this.#chunks >= this.#cut.chunk;
    this.#cut = undefined;
    return hasCut;
  }

  /** Accepts connections, but forwards nothing. */
  stall(): void {
    this.#stalled = true;
  }

  /** Forwards again what arrives from now on. */
  resume(): void {
    this.#stalled = false;
  }

  dispose(): void {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      // Nagle's algorithm would merge chunks.
      from.setNoDelay();
      from.on('data', (data) => this.#forward(data, from, to));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.end();
      });
    }
  }

  #forward(data: Buffer, from: Socket, to: Socket): void {
    if (this.#stalled) return;
    this.#chunks += 1;
    if (this.#cut === undefined || this.#chunks !== this.#cut.chunk) {
      to.write(data);
      return;
    }
    // Only this connection is cut.
    from.destroy();
    to.end(data.subarray(0, { none: 0, half: data.length / 2, all: data.length }[this.#cut.part]));
  }
}

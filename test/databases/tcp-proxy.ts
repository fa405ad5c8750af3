import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How much of the piece of data at which a connection is cut still goes on. */
export const PARTS = ['none', 'half', 'all'] as const;

export interface Cut {
  /** Pieces are what the sockets of either side hand over at once, counted from 1. */
  readonly piece: number;
  readonly part: (typeof PARTS)[number];
}

/** Stands between a client and a server on this machine, and passes on what they say, or does not. */
export class TcpProxy {
  /** The address of the server, with the proxy's own port. */
  url = '';
  readonly #target: URL;
  readonly #listener = createServer((client) => this.#connect(client));
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  #pieces = 0;
  #silent = false;

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

  /** Cuts the connection that this piece comes on, counted from now on. */
  cutAt(cut: Cut): void {
    this.#cut = cut;
    this.#pieces = 0;
  }

  /** Cuts no more; answers whether it has cut. */
  heal(): boolean {
    const hasCut = this.#cut !== undefined && this.#pieces >= this.#cut.piece;
    this.#cut = undefined;
    return hasCut;
  }

  /** Accepts connections, and passes on nothing more. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** Passes on again what comes from now on. */
  speak(): void {
    this.#silent = false;
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
      // Pieces must not be joined on their way.
      from.setNoDelay();
      from.on('data', (data) => this.#pass(data, from, to));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.end();
      });
    }
  }

  #pass(data: Buffer, from: Socket, to: Socket): void {
    if (this.#silent) return;
    this.#pieces += 1;
    if (this.#cut === undefined || this.#pieces !== this.#cut.piece) {
      to.write(data);
      return;
    }
    // Other connections go on.
    from.destroy();
    to.end(data.subarray(0, { none: 0, half: data.length / 2, all: data.length }[this.#cut.part]));
  }
}

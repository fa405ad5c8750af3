import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';

const SERVER = process.env.DOSSIER_TEST_REDIS ?? 'redis://127.0.0.1:6379';

/** Connects a client as a host would. It fails at once without a connection, and does not reconnect. */
export async function connect(url = SERVER) {
  const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: false } });
  // Without a listener, an error event would end the process. The commands concerned reject anyway.
  client.on('error', () => undefined);
  return client.connect();
}

export type RedisClient = Awaited<ReturnType<typeof connect>>;

/** The keys of one test, under a prefix of their own, and the clients opened for it. */
export interface TestStore {
  readonly prefix: string;
  open(): Promise<RedisClient>;
  /** Removes all keys with the prefix and closes the clients. */
  dispose(): Promise<void>;
}

/** Creates a store under a random prefix. */
export function createStore(): TestStore {
  const prefix = `dossier-test-${randomBytes(6).toString('hex')}:`;
  const clients: RedisClient[] = [];
  return {
    prefix,
    async open() {
      const client = await connect();
      clients.push(client);
      return client;
    },
    async dispose() {
      for (const client of clients) if (client.isOpen) client.destroy();
      const administrator = await connect();
      for await (const keys of administrator.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) {
        if (keys.length > 0) await administrator.unlink(keys);
      }
      administrator.destroy();
    },
  };
}

/** Declares tests that need a server. If it does not respond, they are skipped with a message, or fail if `CI` is set. */
export function describeOnRedis(title: string, body: () => void): void {
  describe(`${title} on Redis`, () => {
    before(async function () {
      try {
        (await connect()).destroy();
      } catch (error) {
        if (process.env.CI) throw error;
        console.log('      Skipped: Redis does not respond. Set DOSSIER_TEST_REDIS to the URL of another server.');
        this.skip();
      }
    });
    body();
  });
}

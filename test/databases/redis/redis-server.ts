import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';

const URL = process.env.DOSSIER_TEST_REDIS ?? 'redis://127.0.0.1:6379';

/** A host's connected client; it fails at once without a connection, and does not reconnect. */
export async function connect() {
  const client = createClient({ url: URL, disableOfflineQueue: true, socket: { reconnectStrategy: false } });
  // An `error` event without a listener would end the process; the affected commands fail anyway.
  client.on('error', () => undefined);
  return client.connect();
}

export type RedisClient = Awaited<ReturnType<typeof connect>>;

/** The keys of one test, under a prefix, and the clients opened for it. */
export interface TestStore {
  readonly prefix: string;
  open(): Promise<RedisClient>;
  /** Removes all keys of the prefix and closes the clients. */
  dispose(): Promise<void>;
}

/** A store under a random prefix. */
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
      for (const client of clients) client.destroy();
      const administrator = await connect();
      for await (const keys of administrator.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) {
        if (keys.length > 0) await administrator.unlink(keys);
      }
      administrator.destroy();
    },
  };
}

/** Declares tests on the server. If it does not respond, they are skipped with a note, or fail if `CI` is set. */
export function describeOnRedis(title: string, body: () => void): void {
  describe(`${title} on Redis`, () => {
    before(async function () {
      try {
        (await connect()).destroy();
      } catch (error) {
        if (process.env.CI) throw error;
        console.log('      Redis does not respond: skipped. Set DOSSIER_TEST_REDIS to use another server.');
        this.skip();
      }
    });
    body();
  });
}

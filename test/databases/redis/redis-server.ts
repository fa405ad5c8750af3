import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';

const URL = process.env.DOSSIER_TEST_REDIS ?? 'redis://127.0.0.1:6379';

/** A host's client, connected; it fails at once where there is no connection, and does not try again. */
export async function connect() {
  const client = createClient({ url: URL, disableOfflineQueue: true, socket: { reconnectStrategy: false } });
  // An error without a listener would end the process; the commands that it concerns fail by themselves.
  client.on('error', () => undefined);
  return client.connect();
}

export type RedisClient = Awaited<ReturnType<typeof connect>>;

/** Keys under a prefix of one test, with the clients that were opened for it. */
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

/**
 * Declares tests on the server. One that does not answer is skipped with a line that says so, or fails where `CI` is
 * set.
 */
export function describeOnRedis(title: string, body: () => void): void {
  describe(`${title} on Redis`, () => {
    before(async function () {
      try {
        (await connect()).destroy();
      } catch (error) {
        if (process.env.CI) throw error;
        console.log('      Redis does not answer: skipped. DOSSIER_TEST_REDIS names another server.');
        this.skip();
      }
    });
    body();
  });
}

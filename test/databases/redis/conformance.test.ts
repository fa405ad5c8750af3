import { describeProfileRepository } from 'dossier/conformance';
import { RedisProfileRepository } from '../../../examples/redis/redis-profile-repository.js';
import { createStore, describeOnRedis } from './redis-server.js';

describeOnRedis('RedisProfileRepository', () => {
  describeProfileRepository({
    name: 'example repository (R12, R14, R16, R17, R19, R20)',
    runner: { describe, it, beforeEach, afterEach },
    createHarness: async () => {
      const store = createStore();
      const { prefix } = store;
      let client = await store.open();
      return {
        repository: new RedisProfileRepository(client, { prefix }),
        another: async () => new RedisProfileRepository(await store.open(), { prefix }),
        async reopen() {
          if (client.isOpen) client.destroy();
          client = await store.open();
          return new RedisProfileRepository(client, { prefix });
        },
        break: async () => client.destroy(),
        dispose: () => store.dispose(),
      };
    },
    capabilities: { anotherConnection: true },
  });
});

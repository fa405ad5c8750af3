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
      return {
        repository: new RedisProfileRepository(await store.open(), { prefix }),
        another: async () => new RedisProfileRepository(await store.open(), { prefix }),
        dispose: () => store.dispose(),
      };
    },
    capabilities: { anotherConnection: true },
  });
});

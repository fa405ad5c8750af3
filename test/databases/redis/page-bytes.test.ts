import { RedisProfileRepository } from '../../../examples/redis/redis-profile-repository.js';
import { expectPagesBoundedByBytes } from '../../adapters/page-bytes.js';
import { createStore, describeOnRedis } from './redis-server.js';

describeOnRedis('RedisProfileRepository: pages', () => {
  it('are bounded by the bytes of their documents', async () => {
    const store = createStore();
    const { prefix } = store;
    try {
      await expectPagesBoundedByBytes(new RedisProfileRepository(await store.open(), { prefix }));
    } finally {
      await store.dispose();
    }
  });
});

import { expect } from 'chai';
import { createDossier, InvalidOptionsError } from 'dossier';
import { RedisProfileRepository } from '../../../examples/redis/redis-profile-repository.js';
import { createStore, describeOnRedis } from './redis-server.js';

describeOnRedis('keys of the example repository', () => {
  it('R17: all keys of a tenant have its hash tag, which puts them in one slot of a Redis Cluster', async () => {
    const store = createStore();
    try {
      const client = await store.open();
      const { profiles, schemas } = createDossier({
        repository: new RedisProfileRepository(client, { prefix: store.prefix }),
      });
      for (const tenant of ['1', '2']) {
        await schemas.define(tenant, {
          attributes: [{ name: 'Name', type: 'string' }],
          identificationKeys: [{ name: 'idName', attributes: ['Name'] }],
        });
        await profiles.create(tenant, { attributes: { Name: 'Bruce' } }, { segment: 'gold' });
      }
      const tenants = new Map<string, number>();
      for await (const keys of client.scanIterator({ MATCH: `${store.prefix}*`, COUNT: 1000 })) {
        for (const key of keys) {
          const tenant = /^\{([^}]*)\}:/.exec(key.slice(store.prefix.length))?.[1] ?? `no tag: ${key}`;
          tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1);
        }
      }
      expect(Object.fromEntries(tenants)).to.deep.equal({ 1: 9, 2: 9 });
    } finally {
      await store.dispose();
    }
  });

  it('refuses a prefix with braces, which would become the hash tag', async () => {
    const store = createStore();
    try {
      const client = await store.open();
      for (const prefix of ['{crm}:', 'crm}', 'c{rm', 'c rm', 'crm\n']) {
        expect(() => new RedisProfileRepository(client, { prefix })).to.throw(InvalidOptionsError);
      }
    } finally {
      await store.dispose();
    }
  });
});

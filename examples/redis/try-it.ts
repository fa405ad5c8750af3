// Stores a profile in Redis, finds it, and removes all keys again. Usage: see README.md.
import { createDossier } from 'dossier';
import { createClient } from 'redis';
import { RedisProfileRepository } from './redis-profile-repository.js';

const client = createClient({
  url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  // Without a connection, commands fail at once instead of waiting for one.
  disableOfflineQueue: true,
});
client.on('error', ({ code }) => console.error('Redis cannot be reached:', code));
await client.connect();

const prefix = 'dossier-try-it:';
const { profiles, schemas } = createDossier({ repository: new RedisProfileRepository(client, { prefix }) });
await schemas.define('1', {
  attributes: [{ name: 'FirstName', type: 'string' }],
  identificationKeys: [{ name: 'idFirstName', attributes: ['FirstName'] }],
});
const { customerId } = await profiles.create('1', { attributes: { FirstName: 'Bruce' } });
const { revision } = await profiles.replace('1', customerId, { attributes: { FirstName: 'Robert' } });
const { items } = await profiles.identify('1', { values: { FirstName: 'Robert' } });
console.log(`revision ${revision}, found ${items.length}, stored in:`);

for await (const keys of client.scanIterator({ MATCH: `${prefix}*` })) {
  for (const key of keys) console.log(`  ${key}`);
  if (keys.length > 0) await client.unlink(keys);
}
await client.close();

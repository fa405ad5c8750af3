import { createDossier } from 'dossier';
import { KnexProfileRepository } from 'dossier/knex';
import knex from 'knex';
import { connectRedis, relay } from './relay.js';

// DATABASE is an SQLite file here; a server that writes to it runs with `--changes`, or with the option `changes`.
const { DATABASE = 'dossier.db', REDIS = 'redis://127.0.0.1:6379', STREAM = 'customers', TENANT = '1' } = process.env;

const connection = knex({ client: 'better-sqlite3', connection: { filename: DATABASE }, useNullAsDefault: true });
const { profiles } = createDossier({ repository: new KnexProfileRepository(connection), changes: true });
const redis = await connectRedis(REDIS);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
try {
  await relay({ profiles, redis, tenant: TENANT, stream: STREAM, signal: stopping.signal });
} catch (error) {
  if (!stopping.signal.aborted) throw error;
} finally {
  redis.destroy();
  await connection.destroy();
}

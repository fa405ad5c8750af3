import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type ChangeLine, createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex, { type Knex } from 'knex';
import { compiled } from '../../compiled.js';
import { createStore, describeOnRedis, type RedisClient, type TestStore } from './redis-server.js';

const MAIN = compiled(new URL('../../../examples/relay/main.ts', import.meta.url));
const PROFILES = ['anna', 'bert', 'carl'];

describeOnRedis('the relay of the feed', () => {
  let directory: string;
  let database: Knex;
  let store: TestStore;
  let redis: RedisClient;
  let stream: string;
  const relays: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dossier-relay-'));
    database = knex({
      client: 'better-sqlite3',
      connection: { filename: join(directory, 'dossier.db') },
      useNullAsDefault: true,
    });
    await migrate(database);
    store = createStore();
    redis = await store.open();
    stream = `${store.prefix}customers`;
  });
  afterEach(async () => {
    for (const relay of relays.splice(0)) relay.kill('SIGKILL');
    await database.destroy();
    await store.dispose();
    await rm(directory, { recursive: true });
  });

  const startRelay = () => {
    const env: NodeJS.ProcessEnv = { ...process.env, DATABASE: join(directory, 'dossier.db'), STREAM: stream };
    if (process.env.DOSSIER_TEST_REDIS) env.REDIS = process.env.DOSSIER_TEST_REDIS;
    const relay = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    relays.push(relay);
    return relay;
  };
  const carried = async (): Promise<ChangeLine[]> => {
    const entries = await redis.xRange(stream, '-', '+');
    return (entries ?? []).map(({ message }) => JSON.parse(String(message.line)));
  };

  it('C2: carries each line once and in order, while relays are killed and restarted at random', async () => {
    const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(database), changes: true });
    await schemas.define('1', { attributes: [{ name: 'Visits', type: 'integer' }] });
    for (const customerId of PROFILES) await profiles.create('1', { customerId, attributes: {} });
    let isOver = false;
    const writing = (async () => {
      for (let visit = 1; !isOver; visit++) {
        for (const id of PROFILES) await profiles.patch('1', id, { attributes: { Visits: visit } });
        await setTimeout(5);
      }
    })();
    let [relay, next] = [startRelay(), startRelay()];
    for (let death = 0; death < 3; death++) {
      const before = await redis.xLen(stream);
      while ((await redis.xLen(stream)) === before) await setTimeout(5);
      await setTimeout(Math.random() * 100);
      relay.kill('SIGKILL');
      await once(relay, 'exit');
      [relay, next] = [next, startRelay()];
    }
    isOver = true;
    await writing;
    const lines: ChangeLine[] = [];
    for (let after: string | undefined; ; ) {
      const { items, next } = await profiles.changes('1', { after, limit: 1_000 });
      lines.push(...items);
      after = next;
      if (items.length === 0) break;
    }
    while ((await redis.xLen(stream)) < lines.length) await setTimeout(20);
    expect(await carried()).to.deep.equal(lines);
  });
});

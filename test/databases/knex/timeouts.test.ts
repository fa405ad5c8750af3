import type { Socket } from 'node:net';
import { expect } from 'chai';
import { createDossier, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import type { Knex } from 'knex';
import { update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { TcpProxy } from '../tcp-proxy.js';
import { allOperations } from './all-operations.js';
import { SCHEMA, TENANT } from './load/customer-state.js';

const LIMIT_MS = 300;
/** Far more than the limit, and far less than the drivers' default timeouts. */
const AT_MOST_MS = 3_000;

describeOnEachServer('timeouts', (server) => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase(server);
    const knex = database.open();
    await migrate(knex);
    const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(knex) });
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, { customerId: 'anna', attributes: {} });
  });
  after(() => database?.dispose());

  const open = (options: Knex.Config = {}) =>
    database.open({ acquireConnectionTimeout: LIMIT_MS, log: { warn() {} }, ...options });

  it('an exhausted pool is unavailable in bounded time, and works again after a release', async () => {
    const knex = open({ pool: { min: 0, max: 1 } });
    const repository = new KnexProfileRepository(knex);
    const transaction = await knex.transaction();
    await expectUnavailable(repository);
    await transaction.rollback();
    await expectAvailable(repository);
  });

  it('so is a server that refuses connections, or whose host name is unknown', async () => {
    const refusing = Object.assign(new URL(database.url), { port: '1' }).href;
    const unknown = Object.assign(new URL(database.url), { hostname: 'no-such-host.invalid' }).href;
    for (const connection of [refusing, unknown]) {
      await expectUnavailable(new KnexProfileRepository(open({ connection })));
    }
  });

  it('so is one that accepts connections but never responds', async () => {
    const proxy = await TcpProxy.open(database.url);
    proxy.stall();
    try {
      await expectUnavailable(new KnexProfileRepository(open({ connection: proxy.url })));
    } finally {
      proxy.dispose();
    }
  });

  it('so is one that stalls, if the host sets a timeout; its connections are not reused', async () => {
    const proxy = await TcpProxy.open(database.url);
    try {
      const openLimited = () => new KnexProfileRepository(open(limited(server.client, proxy.url)));
      // Each now has a connection.
      const [reading, writing] = [openLimited(), openLimited()];
      await reading.ping();
      const { profile } = await writing.load(TENANT, 'anna', { extensions: true });
      proxy.stall();
      const begin = performance.now();
      const [loading, commit] = await Promise.all([
        errorOf(reading.load(TENANT, 'anna', { extensions: true })),
        errorOf(
          writing.commit('1', [update('anna', profile?.revision ?? 0, { createdAt: profile?.createdAt ?? '' })], {
            history: false,
          }),
        ),
      ]);
      expect(performance.now() - begin).to.be.below(AT_MOST_MS);
      expect(loading).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
      expect(commit).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', true);
      proxy.resume();
      await expectAvailable(reading);
      await expectAvailable(writing);
    } finally {
      proxy.dispose();
    }
  });
});

/** As docs/storage.md says. */
function limited(client: DatabaseServer['client'], url: string): Knex.Config {
  if (client === 'pg') return { connection: { connectionString: url, query_timeout: LIMIT_MS } };
  return {
    connection: url,
    pool: {
      min: 0,
      max: 10,
      afterCreate: ({ stream }: { stream: Socket }, done: (error: unknown) => void) => {
        stream.setTimeout(LIMIT_MS, () => stream.destroy(new Error('The server does not respond.')));
        done(null);
      },
    },
  };
}

/** Runs all operations at once, so that they also compete for connections. Each must fail. */
async function expectUnavailable(repository: ProfileRepository): Promise<void> {
  const begin = performance.now();
  const operations = Object.entries(allOperations(repository));
  const errors = await Promise.all(operations.map(([, operation]) => errorOf(operation())));
  expect(performance.now() - begin).to.be.below(AT_MOST_MS);
  for (const [index, [name]] of operations.entries()) {
    expect(errors[index], name).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
  }
}

async function expectAvailable(repository: ProfileRepository): Promise<void> {
  for (const [name, operation] of Object.entries(allOperations(repository))) {
    expect(await errorOf(operation()), name).not.to.be.instanceOf(StorageUnavailableError);
  }
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

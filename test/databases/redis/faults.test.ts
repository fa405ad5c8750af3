import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import type { CreateChange } from 'dossier/storage';
import type { RedisConnection, ScriptCall } from '../../../examples/redis/redis-connection.js';
import { RedisProfileRepository } from '../../../examples/redis/redis-profile-repository.js';
import { connect, createStore, describeOnRedis, type RedisClient, type TestStore } from './redis-server.js';

const SECRET = 'secret-value';

const creation = (customerId: string): CreateChange => ({
  kind: 'create',
  customerId,
  schemaVersion: 1,
  attributes: { Name: SECRET },
  extensions: {},
  at: '2024-02-29T12:00:00.000Z',
  metadata: { operation: 'create' },
  addEntries: [{ key: 'idName', digest: 'a'.repeat(64), unique: false }],
});

describeOnRedis('errors of the example repository', () => {
  let store: TestStore;
  let client: RedisClient;
  let repository: RedisProfileRepository;

  beforeEach(async () => {
    store = createStore();
    client = await store.open();
    repository = new RedisProfileRepository(client, { prefix: store.prefix });
    const schema = { attributes: [], extensions: [], identificationKeys: [] };
    await repository.commitSchema('1', { expectedVersion: 0, schema });
  });
  afterEach(() => store.dispose());

  it('sends a script again if the server has lost it', async () => {
    await client.scriptFlush();
    expect(await repository.commit('1', [creation('anna')])).to.deep.equal({ outcome: 'committed', revisions: [1] });
    await client.scriptFlush();
    expect((await repository.load('1', 'anna', { extensions: false })).profile?.revision).to.equal(1);
  });

  it('a closed client throws with a known outcome', async () => {
    await client.close();
    for (const call of [repository.commit('1', [creation('anna')]), repository.ping(), repository.loadSchema('1')]) {
      const { outcomeUnknown, driverCode } = await storageErrorOf(call);
      expect([outcomeUnknown, driverCode]).to.deep.equal([false, undefined]);
    }
  });

  it('an error of the socket throws with its code', async () => {
    // Nothing listens there, and the client fails with the error of its socket.
    const refused = () => connect('redis://127.0.0.1:1');
    const connection: RedisConnection = Object.assign(Object.create(client), { ping: refused });
    expect((await storageErrorOf(new RedisProfileRepository(connection).ping())).driverCode).to.equal('ECONNREFUSED');
  });

  it('R12: a commit without a reply has an unknown outcome, and is atomic', async () => {
    const afterwards = new RedisProfileRepository(await store.open(), { prefix: store.prefix });
    for (let cut = 0; cut < 20; cut++) {
      const writer = await store.open();
      const ids = [`anna-${cut}`, `bert-${cut}`];
      const cutOff = new RedisProfileRepository(writer, { prefix: store.prefix }).commit('1', ids.map(creation));
      const answer = Promise.allSettled([cutOff]);
      // Alternately, the command has been sent or is still queued in the client.
      if (cut % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      writer.destroy();
      const [settled] = await answer;
      if (settled?.status === 'rejected') {
        expect(settled.reason).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', true);
      }
      const stored = (await afterwards.page('1', { limit: 1000 })).profiles.map(({ customerId }) => customerId);
      expect(stored.filter((id) => ids.includes(id))).to.be.deep.oneOf([[], ids]);
    }
  });

  it('a read without a reply has a known outcome', async () => {
    const read = storageErrorOf(repository.load('1', 'anna', { extensions: true }));
    client.destroy();
    expect((await read).outcomeUnknown).to.equal(false);
  });

  it('a command that the server refuses has a known outcome', async () => {
    const name = `dossier-test-${randomBytes(6).toString('hex')}`;
    await client.aclSetUser(name, ['on', 'nopass', '+@all', '-eval', '-evalsha', '~*']);
    const refused = await connect();
    try {
      await refused.auth({ username: name, password: 'any' });
      const error = await storageErrorOf(new RedisProfileRepository(refused).commit('1', [creation('anna')]));
      expect([error.outcomeUnknown, error.driverCode]).to.deep.equal([false, 'NOPERM']);
    } finally {
      refused.destroy();
      await client.aclDelUser(name);
    }
  });

  it('R11: no error contains a value, even if the error of the client does', async () => {
    // Redis quotes the arguments of an unknown command.
    const unknown = (...words: string[]) => client.sendCommand(['UNKNOWN', ...words]);
    expect(inspect(await errorOf(unknown(SECRET)))).to.include(SECRET);
    const connection: RedisConnection = Object.assign(Object.create(client), {
      evalSha: (_: string, call: ScriptCall) => unknown(...call.arguments),
    });
    const error = await errorOf(new RedisProfileRepository(connection).commit('1', [creation(SECRET)]));
    expect(inspect(error, { depth: 10, showHidden: true })).not.to.include(SECRET);
    expect(error).not.to.be.instanceOf(StorageUnavailableError);
  });

  it('R11: no error contains a value if a document is corrupt', async () => {
    await repository.commit('1', [creation('anna')]);
    await client.hSet(`${store.prefix}{1}:attributes`, 'anna', SECRET);
    const error = await errorOf(repository.load('1', 'anna', { extensions: false }));
    expect(inspect(error, { depth: 10, showHidden: true })).not.to.include(SECRET);
    expect(error).not.to.be.instanceOf(StorageUnavailableError);
  });
});

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error,
  );
}

async function storageErrorOf(call: Promise<unknown>): Promise<StorageUnavailableError> {
  const error = await errorOf(call);
  if (error instanceof StorageUnavailableError) return error;
  throw error;
}

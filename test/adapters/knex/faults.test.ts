import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex, { type Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, SECRET, update } from './sample-changes.js';
import { fileStore, type SqliteStore } from './sqlite-store.js';

describe('faults on SQLite', () => {
  let store: SqliteStore & { readonly filename: string };
  let instance: Knex;
  let repository: KnexProfileRepository;

  beforeEach(async () => {
    store = await fileStore();
    instance = store.open();
    await migrate(instance);
    // By default, better-sqlite3 waits five seconds for a lock.
    await instance.raw('PRAGMA busy_timeout = 0');
    repository = new KnexProfileRepository(instance);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna')], HISTORY);
  });
  afterEach(() => store.dispose());

  it('waits for another writer, and then commits', async () => {
    const other = await store.open().transaction();
    await other.raw('UPDATE dossier_profiles SET revision = revision');
    const commit = repository.commit('1', [update('anna', 1), creation('bert')], HISTORY);
    await setTimeout(20);
    await other.commit();
    expect(await commit).to.include({ outcome: 'committed' });
  });

  it('R12: a fault in the middle of a commit rolls it back', async () => {
    await instance.raw(
      `CREATE TRIGGER failing BEFORE INSERT ON dossier_profile_keys BEGIN SELECT RAISE(ABORT, '${SECRET}'); END`,
    );
    const error = await faultOf(repository.commit('1', [creation('bert', [email('b')])], HISTORY));
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(StorageUnavailableError);
    expect((await repository.load('1', 'bert', { extensions: false })).profile).to.equal(undefined);
    expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.include({ outcome: 'committed' });
  });

  it('a read-only database is unavailable', async () => {
    await instance.raw('PRAGMA query_only = ON');
    const error = await faultOf(repository.commit('1', [update('anna', 1)], HISTORY));
    expect(error).to.be.instanceOf(StorageUnavailableError);
    await instance.raw('PRAGMA query_only = OFF');
  });

  it('a full database is unavailable, with a known outcome', async () => {
    const [{ page_count: pages }] = await instance.raw('PRAGMA page_count');
    await instance.raw(`PRAGMA max_page_count = ${pages}`);
    const attributes = { Name: SECRET.repeat(10_000) };
    const error = await faultOf(repository.commit('1', [update('anna', 1, { attributes })], HISTORY));
    expect(error).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
    expect((await repository.load('1', 'anna', { extensions: false })).profile?.revision).to.equal(1);
  });

  it('a closed instance and a file that cannot be opened are unavailable', async () => {
    const closed = store.open();
    await closed.destroy();
    expect(await faultOf(new KnexProfileRepository(closed).ping())).to.be.instanceOf(StorageUnavailableError);
    const nowhere = knex({
      client: 'better-sqlite3',
      connection: { filename: '/nowhere/at/all.db' },
      useNullAsDefault: true,
      log: { warn() {} },
    });
    expect(await faultOf(new KnexProfileRepository(nowhere).ping())).to.be.instanceOf(StorageUnavailableError);
    await nowhere.destroy();
  });

  it('an exhausted pool is unavailable in bounded time', async () => {
    const narrow = knex({
      client: 'better-sqlite3',
      connection: { filename: store.filename },
      useNullAsDefault: true,
      acquireConnectionTimeout: 50,
      log: { warn() {} },
    });
    const transaction = await narrow.transaction();
    const error = await faultOf(new KnexProfileRepository(narrow).commit('1', [update('anna', 1)], HISTORY));
    expect(error).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
    await transaction.rollback();
    await narrow.destroy();
  });

  it('no message, cause or property of an error contains SQL or a value', async () => {
    await instance.raw(
      `CREATE TRIGGER failing BEFORE UPDATE ON dossier_profiles BEGIN SELECT RAISE(ABORT, '${SECRET}'); END`,
    );
    const error = await faultOf(repository.commit('1', [update('anna', 1)], HISTORY));
    expect(error).to.have.nested.property('cause.code', 'SQLITE_CONSTRAINT_TRIGGER');
    const everything = inspect(error, { depth: 10, showHidden: true });
    expect(everything)
      .to.not.contain(SECRET)
      .and.not.match(/UPDATE|dossier_profiles/);
  });

  it('R11: the error for a corrupt document contains no value', async () => {
    for (const column of ['attributes', 'extensions']) {
      await instance.raw(`UPDATE dossier_profiles SET ${column} = '${SECRET}'`);
      const error = await faultOf(repository.load('1', 'anna', { extensions: true }));
      expect(error).to.be.instanceOf(Error).and.not.instanceOf(StorageUnavailableError);
      expect(inspect(error, { depth: 10, showHidden: true })).to.not.contain(SECRET);
      await instance.raw(`UPDATE dossier_profiles SET ${column} = '{}'`);
    }
  });

  it('a repository bound to an ended transaction refuses to work', async () => {
    const transaction = await instance.transaction();
    const bound = repository.withTransaction(transaction);
    await transaction.commit();
    expect(await faultOf(bound.commit('1', [update('anna', 1)], HISTORY)))
      .to.have.property('message')
      .that.matches(/has ended/);
    expect((await repository.load('1', 'anna', { extensions: false })).profile?.revision).to.equal(1);
  });
});

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (result) => expect.fail(`It returned ${JSON.stringify(result)}.`),
    (error: unknown) => error,
  );
}

import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, SECRET, update } from '../../adapters/knex/sample-changes.js';
import { administer, createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const committed = { outcome: 'committed' };
const DEADLOCK_ON_POSTGRESQL = '40P01';

describeOnEachServer('faults', (server) => {
  let database: TestDatabase;
  let host: Knex;
  let narrow: Knex;
  let repository: KnexProfileRepository;
  beforeEach(async () => {
    database = await createDatabase(server);
    host = database.open();
    narrow = database.open({ pool: { min: 0, max: 1 }, acquireConnectionTimeout: 1_000, log: { warn() {} } });
    await migrate(host);
    repository = new KnexProfileRepository(narrow);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna', [email('a')]), creation('bert')], HISTORY);
  });
  afterEach(() => database.dispose());

  const revisionOf = async (customerId: string) =>
    (await new KnexProfileRepository(host).load('1', customerId, { extensions: false })).profile?.revision;

  it('a commit aborted by a deadlock is retried', async () => {
    await host.schema.createTable('weight', (table) => table.integer('number'));
    // PostgreSQL aborts the transaction that notices first, which on a busy computer may be the host's.
    while (!(await isRetriedAfterDeadlock()));
  });

  /** Makes a deadlock of a commit and a transaction of the host; returns whether the server aborted the commit. */
  async function isRetriedAfterDeadlock(): Promise<boolean> {
    const [anna, bert] = [(await revisionOf('anna')) ?? 0, (await revisionOf('bert')) ?? 0];
    const transaction = await host.transaction();
    // Other servers abort the transaction that has written less.
    await transaction('weight').insert(Array.from({ length: 100 }, (_, number) => ({ number })));
    await touch(transaction, 'bert');
    const commit = repository.commit('1', [update('anna', anna), update('bert', bert)], HISTORY);
    await untilBlocked(server.client, host);
    const wasCommitAborted = await touch(transaction, 'anna').then(
      () => true,
      (error) => {
        if (error.code !== DEADLOCK_ON_POSTGRESQL) throw error;
        return false;
      },
    );
    await (wasCommitAborted ? transaction.commit() : transaction.rollback());
    expect(await commit).to.include(committed);
    return wasCommitAborted;
  }

  it('a connection killed while a single write waits leaves the outcome unknown', async () => {
    const [id, transaction] = [await connectionOf(server.ownConnection, narrow), await host.transaction()];
    await touch(transaction, 'anna');
    const fault = faultOf(repository.commit('1', [update('anna', 1)], { history: false }));
    await untilBlocked(server.client, host);
    await administer(server, server.kill(id));
    expect(await fault)
      .to.be.instanceOf(StorageUnavailableError)
      .with.property('outcomeUnknown', true);
    await transaction.rollback();
    expect(await repository.commit('1', [update('anna', (await revisionOf('anna')) ?? 0)], HISTORY)).to.include(
      committed,
    );
  });

  it('R12: a connection killed in the middle of a commit of several profiles rolls it back', async () => {
    const [id, transaction] = [await connectionOf(server.ownConnection, narrow), await host.transaction()];
    await touch(transaction, 'bert');
    const fault = faultOf(repository.commit('1', [update('anna', 1), creation('carl'), update('bert', 1)], HISTORY));
    await untilBlocked(server.client, host);
    await administer(server, server.kill(id));
    expect(await fault).to.be.instanceOf(StorageUnavailableError);
    await transaction.rollback();
    expect(await revisionOf('anna')).to.equal(1);
    expect(await revisionOf('carl')).to.equal(undefined);
  });

  it("a connection killed in the host's transaction is a fault with a known outcome", async () => {
    for (const changes of [[update('anna', 2)], [update('anna', 2), update('bert', 1)]]) {
      const transaction = await narrow.transaction();
      const bound = repository.withTransaction(transaction);
      expect(await bound.commit('1', [update('anna', 1)], HISTORY)).to.include(committed);
      await administer(server, server.kill(await connectionOf(server.ownConnection, transaction)));
      const fault = await faultOf(bound.commit('1', changes, HISTORY));
      await transaction.rollback().catch(() => undefined);
      expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
      expect(await revisionOf('anna')).to.equal(1);
    }
  });

  it('an error code for an unknown outcome is reported as one', async () => {
    await raiseAtUpdates(server.client, host, server.client === 'pg' ? "'40003'" : '4031');
    const fault = await faultOf(repository.commit('1', [update('anna', 1)], { history: false }));
    expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', true);
  });

  if (server.client === 'mysql2') {
    it('a commit that group replication aborts is retried', async () => {
      await raiseAtUpdates(server.client, host, '3101', 2);
      expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.include(committed);
      expect(await revisionOf('anna')).to.equal(2);
    });
  }

  if (server.client === 'pg') {
    it('after a failed statement, the host must roll back, and the connection stays usable', async () => {
      const connection = await connectionOf(server.ownConnection, narrow);
      for (const changes of [[update('anna', 1)], [update('anna', 1), update('bert', 1)]]) {
        const transaction = await narrow.transaction();
        await faultOf(transaction.raw('SELECT 1 / 0'));
        const fault = await faultOf(repository.withTransaction(transaction).commit('1', changes, HISTORY));
        await transaction.rollback();
        expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
        expect(fault)
          .to.have.property('message')
          .that.matches(/roll it back/i);
      }
      expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.include(committed);
      expect(await connectionOf(server.ownConnection, narrow)).to.equal(connection);
    });
  }

  it('an exhausted pool is unavailable in bounded time, and nothing changes', async () => {
    const transaction = await narrow.transaction();
    for (const changes of [[update('anna', 1)], [update('anna', 1), update('bert', 1)]]) {
      const fault = await faultOf(repository.commit('1', changes, HISTORY));
      expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
    }
    await transaction.rollback();
    expect(await revisionOf('anna')).to.equal(1);
  });

  it('an unreachable server and an unknown database are unavailable', async () => {
    const withPort = new URL(database.url);
    withPort.port = '1';
    for (const connection of [withPort.href, `${database.url}_not`]) {
      const nowhere = new KnexProfileRepository(database.open({ connection, log: { warn() {} } }));
      for (const fault of [
        await faultOf(nowhere.ping()),
        await faultOf(nowhere.commit('1', [update('anna', 1)], HISTORY)),
        await faultOf(nowhere.commit('1', [update('anna', 1), update('bert', 1)], HISTORY)),
      ]) {
        expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
      }
    }
  });

  it('discarded prepared statements are prepared again', async () => {
    expect(await revisionOf('anna')).to.equal(1);
    if (server.client === 'pg') await narrow.raw('DISCARD ALL');
    else await resetConnection(narrow);
    expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.include(committed);
    expect((await repository.load('1', 'anna', { extensions: true })).profile?.revision).to.equal(2);
  });

  it('missing tables are reported, with what to do', async () => {
    const without = new KnexProfileRepository(narrow, { tablePrefix: 'other_' });
    for (const work of [() => without.ping(), () => without.load('1', 'anna', { extensions: true })]) {
      expect(await faultOf(work()))
        .to.have.property('message')
        .that.matches(/Run migrate/);
    }
  });

  it('no message, cause or property of an error contains SQL or a value', async () => {
    await host.raw(`ALTER TABLE dossier_profiles ADD CONSTRAINT surprise CHECK (id <> 'carl')`);
    const fault = await faultOf(repository.commit('1', [creation('carl')], HISTORY));
    expect(fault).to.be.instanceOf(Error).and.not.instanceOf(StorageUnavailableError);
    expect(fault).to.have.nested.property('cause.code').that.is.a('string');
    const everything = inspect(fault, { depth: 10, showHidden: true });
    expect(everything)
      .to.not.contain(SECRET)
      .and.not.match(/INSERT|dossier_profiles|surprise/);
  });
});

function touch(knex: Knex, customerId: string): PromiseLike<unknown> {
  return knex('dossier_profiles').where({ tenant: '1', id: customerId }).update({ segment: 'touched' });
}

/** Makes the first updates of profiles on each connection fail, or all of them. */
async function raiseAtUpdates(client: 'pg' | 'mysql2', knex: Knex, code: string, times?: number): Promise<void> {
  if (client === 'pg') {
    await knex.raw(`
      CREATE FUNCTION raising() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = ${code}; END $$;
      CREATE TRIGGER raising BEFORE UPDATE ON dossier_profiles FOR EACH ROW EXECUTE FUNCTION raising()`);
    return;
  }
  await knex.raw(`
    CREATE TRIGGER raising BEFORE UPDATE ON dossier_profiles FOR EACH ROW BEGIN
      SET @raised = COALESCE(@raised, 0) + 1;
      IF @raised <= ${times ?? 1_000} THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${code}; END IF;
    END`);
}

async function connectionOf(query: string, knex: Knex): Promise<number> {
  const answer = await knex.raw(query);
  return Number((answer.rows ?? answer[0])[0].id);
}

/** Resolves when a connection waits for a lock of another. */
async function untilBlocked(client: 'pg' | 'mysql2', knex: Knex): Promise<void> {
  const query =
    client === 'pg'
      ? `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      : `SELECT trx_id FROM information_schema.innodb_trx t JOIN information_schema.processlist p
           ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`;
  for (;;) {
    const answer = await knex.raw(query);
    if ((answer.rows ?? answer[0]).length > 0) return;
    // InnoDB refreshes the view only if it was not read for 100 ms.
    await setTimeout(150);
  }
}

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (result) => expect.fail(`It returned ${JSON.stringify(result)}.`),
    (error: unknown) => error,
  );
}

/** Resets the session, as `DISCARD ALL` does on PostgreSQL. */
async function resetConnection(knex: Knex): Promise<void> {
  const connection = await knex.client.acquireConnection();
  await new Promise<void>((resolve, reject) => {
    connection.changeUser({}, (error: unknown) => (error ? reject(error) : resolve()));
  });
  await knex.client.releaseConnection(connection);
}

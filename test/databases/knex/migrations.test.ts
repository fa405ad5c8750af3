import { expect } from 'chai';
import { checkMigrations, KnexProfileRepository, migrate, migrationSql } from 'dossier/knex';
import type { Knex } from 'knex';
import { expectPendingLinesMoved } from '../../adapters/knex/pending-lines.js';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { runInProcesses } from '../../process/child-processes.js';
import { type Account, createAccount } from '../account.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { atIsolation } from './connection-settings.js';

const committed = { outcome: 'committed' };

const MIGRATIONS = [
  '0001_tables',
  '0002_history',
  '0003_erasure',
  '0004_changes',
  '0005_server_mode',
  '0006_replacement',
  '0007_pending_changes',
];

describeOnEachServer('migrations', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  beforeEach(async () => {
    database = await createDatabase(server);
    knex = database.open();
  });
  afterEach(() => database.dispose());

  it('migrate creates the tables, returns what it ran, and does nothing the second time', async () => {
    expect(await checkMigrations(knex)).to.deep.include({ ready: false, pending: MIGRATIONS });
    expect(await migrate(knex)).to.deep.equal(MIGRATIONS);
    expect(await migrate(knex)).to.deep.equal([]);
    expect(await checkMigrations(knex)).to.deep.include({ ready: true, applied: MIGRATIONS });
    await new KnexProfileRepository(knex).ping();
  });

  for (const [name, table] of [
    ['0002_history', 'dossier_profile_history'],
    ['0003_erasure', 'dossier_profile_erasures'],
  ] as const) {
    it(`the migration ${name}, which ended before it was recorded, goes on where it was`, async () => {
      await migrate(knex);
      await knex('dossier_migrations').where({ name }).delete();
      await knex.schema.dropTable(table);
      expect(await migrate(knex)).to.deep.equal([name]);
      await expectWorking(new KnexProfileRepository(knex));
    });
  }

  it('lines that had no position yet are pending after 0007_pending_changes, and come after the others', () =>
    expectPendingLinesMoved(knex));

  it('of five processes that migrate an empty database at once, one runs each migration', async () => {
    const module = new URL('../../process/sqlite/migrate-process.ts', import.meta.url);
    const reports = await runInProcesses(module, Array(5).fill([server.client, database.url]));
    expect(reports.flat()).to.deep.equal(MIGRATIONS);
    expect(await checkMigrations(knex)).to.include({ ready: true });
  }).timeout(60_000);

  it('of several instances that migrate at once at another isolation level, one runs each migration', async () => {
    const instances = Array.from({ length: 5 }, () => database.open(atIsolation(server.otherIsolation)));
    await Promise.all(instances.map((instance) => instance.raw('SELECT 1')));
    const reports = await Promise.all(instances.map((instance) => migrate(instance)));
    expect(reports.flat()).to.deep.equal(MIGRATIONS);
  });

  it('migrationSql is what migrate runs, with its bookkeeping, and is idempotent', async () => {
    const options = { tablePrefix: 'by_hand_' };
    for (let run = 0; run < 2; run++) {
      for (const statement of migrationSql(server.client, options).split(/;\n(?:\n|$)/)) {
        if (statement !== '') await knex.raw(statement);
      }
    }
    expect(await checkMigrations(knex, options)).to.include({ ready: true });
    expect(await migrate(knex, options)).to.deep.equal([]);
    await expectWorking(new KnexProfileRepository(knex, options));
  });

  it('tables with a prefix, in a database schema, are a separate store', async () => {
    // On MySQL and MariaDB, a database schema is another database.
    const other = server.client === 'pg' ? undefined : await createDatabase(server);
    const options = { tablePrefix: 'crm_', schema: other?.name ?? 'Customer_Data' };
    expect(await checkMigrations(knex, options)).to.include({ ready: false });
    await migrate(knex);
    await migrate(knex, options);
    expect(await migrate(knex, options)).to.deep.equal([]);
    expect(await checkMigrations(knex, options)).to.include({ ready: true });
    await expectWorking(new KnexProfileRepository(knex, options));
    expect(await new KnexProfileRepository(knex).loadSchema('1')).to.equal(undefined);
    expect(await knex.withSchema(options.schema).from('crm_profiles').pluck('id')).to.deep.equal(['anna']);
    await other?.dispose();
  });

  it('table prefixes are case-sensitive', async () => {
    await migrate(knex, { tablePrefix: 'crm_' });
    expect(await checkMigrations(knex, { tablePrefix: 'CRM_' })).to.include({ ready: false });
    expect(await migrate(knex, { tablePrefix: 'CRM_' })).to.deep.equal(MIGRATIONS);
  });

  describe('by an account without the privilege to create tables', () => {
    let account: Account;
    beforeEach(async () => {
      account = await createAccount(server, database);
    });
    afterEach(() => account.dispose());

    it('migrate succeeds if there is nothing to do, and the repository works', async () => {
      await migrate(knex);
      await account.grant('SELECT, INSERT, UPDATE, DELETE');
      expect(await migrate(account.knex)).to.deep.equal([]);
      await expectWorking(new KnexProfileRepository(account.knex));
    });

    it('migrate reports the missing privilege if there is something to do', async () => {
      await expectUnavailable(migrate(account.knex), /lacks a privilege/);
      expect(await checkMigrations(account.knex)).to.include({ ready: false });
    });

    it('a read-only account reads, and a write reports the missing privilege', async () => {
      await migrate(knex);
      await account.grant('SELECT');
      const readOnly = new KnexProfileRepository(account.knex);
      await readOnly.ping();
      await expectUnavailable(readOnly.commitSchema('1', firstSchema), /lacks a privilege/);
    });
  });

  if (server.name === 'MySQL') {
    it('a connection without a default database is refused, also where the options name one', async () => {
      const nowhere = database.open({ connection: Object.assign(new URL(database.url), { pathname: '/' }).href });
      for (const options of [{}, { schema: database.name }]) {
        await expectUnavailable(migrate(nowhere, options), /Set: a default database/);
      }
      await migrate(knex);
      const repository = new KnexProfileRepository(nowhere, { schema: database.name });
      await expectUnavailable(repository.ping(), /Set: a default database/);
    });
  }

  if (server.name === 'MariaDB') {
    it('tables in a database that the options name need no default database', async () => {
      const schema = database.name;
      const nowhere = database.open({ connection: Object.assign(new URL(database.url), { pathname: '/' }).href });
      expect(await migrate(nowhere, { schema })).to.deep.equal(MIGRATIONS);
      const repository = new KnexProfileRepository(nowhere, { schema });
      await expectWorking(repository);
      const added = [email('b'), { key: 'name', digest: 'c'.repeat(64), unique: false }];
      expect(await repository.commit('1', [update('anna', 1, { addEntries: added })], HISTORY)).to.include(committed);
      expect(await repository.commit('1', [update('anna', 2, { removeEntries: added })], HISTORY)).to.include(
        committed,
      );
      const removal = { ...update('anna', 3), kind: 'delete', expectedRevision: 3 } as const;
      expect(await repository.commit('1', [removal], HISTORY)).to.include(committed);
      await expectUnavailable(migrate(nowhere), /selects no database/);
    });
  }

  it("a host's own migrations are independent of Dossier's", async () => {
    const migrationSource = {
      getMigrations: async () => ['orders'],
      getMigrationName: (name: string) => name,
      getMigration: async () => ({
        up: (trx: Knex) => trx.schema.createTable('orders', (table) => table.string('customer')),
        down: (trx: Knex) => trx.schema.dropTable('orders'),
      }),
    };
    await migrate(knex);
    await knex.migrate.latest({ migrationSource });
    expect(await migrate(knex)).to.deep.equal([]);
    await knex.migrate.rollback({ migrationSource });
    expect(await checkMigrations(knex)).to.include({ ready: true });
  });

  it('a breaking migration of a newer version is refused', async () => {
    await migrate(knex);
    await knex('dossier_migrations').insert({ name: '9999_breaking', breaking: 1 });
    for (const refused of [() => migrate(knex), () => new KnexProfileRepository(knex).ping()]) {
      const error: unknown = await refused().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.have.property('code', 'storage_unavailable');
      expect(error)
        .to.have.property('message')
        .that.matches(/newer version.*9999_breaking/);
    }
    expect(await checkMigrations(knex)).to.deep.include({ ready: false, incompatible: ['9999_breaking'] });
  });
});

async function expectUnavailable(refused: Promise<unknown>, message: RegExp): Promise<void> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.include({ code: 'storage_unavailable', outcomeUnknown: false });
  expect(error).to.have.property('message').that.matches(message);
}

async function expectWorking(repository: KnexProfileRepository): Promise<void> {
  await repository.ping();
  await repository.commitSchema('1', firstSchema);
  expect(await repository.commit('1', [creation('anna')], HISTORY)).to.include(committed);
}

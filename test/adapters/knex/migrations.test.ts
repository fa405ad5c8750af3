import { expect } from 'chai';
import { isDossierError } from 'dossier';
import { checkMigrations, KnexProfileRepository, migrate, migrationSql } from 'dossier/knex';
import type { Knex } from 'knex';
import { expectPendingLinesMoved } from './pending-lines.js';
import { creation, firstSchema, HISTORY } from './sample-changes.js';
import { memoryStore, type SqliteStore } from './sqlite-store.js';

const MIGRATIONS = [
  '0001_tables',
  '0002_history',
  '0003_erasure',
  '0004_changes',
  '0005_server_mode',
  '0006_replacement',
  '0007_pending_changes',
];

describe('migrations on SQLite', () => {
  let store: SqliteStore;
  let knex: Knex;
  beforeEach(() => {
    store = memoryStore();
    knex = store.open();
  });
  afterEach(() => store.dispose());

  it('migrate creates the tables, returns what it ran, and does nothing the second time', async () => {
    expect(await migrate(knex)).to.deep.equal(MIGRATIONS);
    expect(await tableNames(knex)).to.deep.equal([
      'dossier_change_counters',
      'dossier_migrations',
      'dossier_pending_changes',
      'dossier_profile_changes',
      'dossier_profile_erasures',
      'dossier_profile_history',
      'dossier_profile_keys',
      'dossier_profile_schemas',
      'dossier_profiles',
      'dossier_server_mode',
    ]);
    expect(await migrate(knex)).to.deep.equal([]);
  });

  it('checkMigrations reports what is missing, and changes nothing', async () => {
    const before = { ready: false, applied: [], pending: MIGRATIONS, unknown: [], incompatible: [] };
    expect(await checkMigrations(knex)).to.deep.equal(before);
    expect(await tableNames(knex)).to.deep.equal([]);
    await migrate(knex);
    expect(await checkMigrations(knex)).to.deep.equal({
      ...before,
      ready: true,
      applied: MIGRATIONS,
      pending: [],
    });
  });

  it('migrationSql is what migrate runs, with its bookkeeping, and a second run changes nothing', async () => {
    const sql = migrationSql('better-sqlite3', { tablePrefix: 'by_hand_' });
    const run = async () => {
      for (const statement of sql.split(/;\n/).filter((text) => text.trim() !== '')) await knex.raw(statement);
    };
    await run();
    const error: unknown = await run().catch((reason: unknown) => reason);
    expect(error)
      .to.have.property('message')
      .that.matches(/duplicate column name/);
    expect(await checkMigrations(knex, { tablePrefix: 'by_hand_' })).to.include({ ready: true });
    expect(await migrate(knex, { tablePrefix: 'by_hand_' })).to.deep.equal([]);
    await migrate(knex, { tablePrefix: 'by_call_' });
    const definitions = async (prefix: string) =>
      (await knex('sqlite_schema').whereLike('name', `${prefix}%`).orderBy('name').pluck('sql')).map((text: string) =>
        text.replaceAll(prefix, '').replace(/\s+/g, ' '),
      );
    expect(await definitions('by_hand_')).to.have.length(15);
    expect(await definitions('by_hand_')).to.deep.equal(await definitions('by_call_'));
  });

  it('lines that had no position yet are pending after 0007_pending_changes, and come after the others', () =>
    expectPendingLinesMoved(knex));

  it('tables under two prefixes are two stores', async () => {
    const [one, other] = ['one_', 'other_'].map((tablePrefix) => ({ tablePrefix }));
    await migrate(knex, one);
    await migrate(knex, other);
    await new KnexProfileRepository(knex, one).commitSchema('1', firstSchema);
    expect(await new KnexProfileRepository(knex, other).loadSchema('1')).to.equal(undefined);
  });

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
    expect(await knex('knex_migrations').pluck('name')).to.deep.equal(['orders']);
    await knex.migrate.rollback({ migrationSource });
    expect(await checkMigrations(knex)).to.include({ ready: true });
  });

  it('migrate in a transaction of the host is rolled back with it', async () => {
    const transaction = await knex.transaction();
    await migrate(transaction);
    await transaction.rollback();
    expect(await tableNames(knex)).to.deep.equal([]);
  });

  it('non-breaking migrations of a newer version do no harm', async () => {
    await migrate(knex);
    await knex('dossier_migrations').insert({ name: '9999_harmless', breaking: 0 });
    expect(await migrate(knex)).to.deep.equal([]);
    expect(await checkMigrations(knex)).to.deep.include({ ready: true, unknown: ['9999_harmless'], incompatible: [] });
    await new KnexProfileRepository(knex).ping();
  });

  it('a breaking migration of a newer version is refused', async () => {
    await migrate(knex);
    await knex('dossier_migrations').insert({ name: '9999_breaking', breaking: 1 });
    expect(await checkMigrations(knex)).to.deep.include({ ready: false, incompatible: ['9999_breaking'] });
    await expectUnavailable(migrate(knex), /newer version.*9999_breaking/);
    await expectUnavailable(new KnexProfileRepository(knex).ping(), /newer version.*9999_breaking/);
  });

  it('ping fails, and says what to do, until the tables are complete', async () => {
    const repository = new KnexProfileRepository(knex);
    await expectUnavailable(repository.ping(), /Run migrate/);
    await migrate(knex);
    await repository.ping();
    await knex('dossier_migrations').delete();
    await expectUnavailable(
      repository.ping(),
      new RegExp(`lack the migrations ${MIGRATIONS.join(', ')}\\. Run migrate`),
    );
    await migrate(knex);
    await knex.schema.dropTable('dossier_profile_keys');
    await expectUnavailable(repository.ping(), /Run migrate/);
  });

  it('every operation without tables fails, and says what to do', async () => {
    const repository = new KnexProfileRepository(knex);
    await expectUnavailable(repository.load('1', 'anna', { extensions: true }), /Run migrate/);
    await expectUnavailable(repository.commit('1', [creation('anna')], HISTORY), /Run migrate/);
    await expectUnavailable(repository.commitSchema('1', firstSchema), /Run migrate/);
  });
});

describe('migrationSql', () => {
  it('compares ids by bytes on each database, and has no clause that CockroachDB refuses', () => {
    expect(migrationSql('pg')).to.contain('COLLATE "C"');
    expect(migrationSql('mysql2')).to.contain('COLLATE ascii_bin');
    const cockroachDb = migrationSql('cockroachdb', { schema: 'crm' });
    expect(cockroachDb).to.contain('CREATE TABLE').and.not.contain('COLLATE');
    expect(cockroachDb)
      .to.contain('CREATE INDEX')
      .and.not.match(/CREATE INDEX [^;]* WHERE/);
    expect(migrationSql('pg')).to.match(/CREATE INDEX [^;]* WHERE counterpart IS NOT NULL/);
    expect(cockroachDb).to.contain('CREATE SCHEMA').and.not.contain('DO $$');
  });
});

async function expectUnavailable(work: Promise<unknown>, message: RegExp): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isDossierError(error) && error.code).to.equal('storage_unavailable');
  expect(error).to.have.property('message').that.matches(message);
}

function tableNames(knex: Knex): Promise<string[]> {
  return knex('sqlite_schema').where({ type: 'table' }).orderBy('name').pluck('name');
}

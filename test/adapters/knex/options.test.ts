import { expect } from 'chai';
import { InvalidOptionsError } from 'dossier';
import { type KnexLike, KnexProfileRepository, migrationSql, type TableOptions } from 'dossier/knex';
import knex, { type Knex } from 'knex';

describe('options of KnexProfileRepository', () => {
  let instance: Knex;
  before(() => {
    instance = knex({ client: 'better-sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true });
  });
  after(() => instance.destroy());

  it('reports all problems at once', () => {
    const unknown = { client: { driverName: 'oracledb' } } as unknown as KnexLike;
    const options = { tablePrefix: '1"; DROP', schema: 'a b', tables: 'x' } as TableOptions;
    expect(pointersOf(() => new KnexProfileRepository(unknown, options))).to.deep.equal([
      '/knex',
      '/tablePrefix',
      '/schema',
      '',
    ]);
  });

  it('lists the supported clients', () => {
    const error = violationsOf(() => migrationSql('sqlite'));
    expect(error[0]?.expected).to.match(/better-sqlite3, pg, cockroachdb, mysql2$/);
  });

  it('never repeats a value', () => {
    const make = () => new KnexProfileRepository(instance, { tablePrefix: 'x"; DROP TABLE y' });
    expect(make).to.throw(InvalidOptionsError).with.property('message').that.does.not.contain('DROP');
  });

  for (const tablePrefix of ['', '_a', '9', 'a-b', 'a.b', 'ä', 'a'.repeat(31), "a'", 'a"', 'a`', 7, null]) {
    it(`refuses the prefix ${JSON.stringify(tablePrefix)}`, () => {
      const options = { tablePrefix } as TableOptions;
      expect(pointersOf(() => new KnexProfileRepository(instance, options))).to.deep.equal(['/tablePrefix']);
    });
  }

  it('refuses a schema on SQLite, which has none', () => {
    expect(pointersOf(() => new KnexProfileRepository(instance, { schema: 'crm' }))).to.deep.equal(['/schema']);
  });

  it('accepts the longest prefix, and a schema where there are schemas', () => {
    expect(migrationSql('pg', { tablePrefix: 'a'.repeat(30), schema: 'crm' })).to.contain(
      `"crm"."${'a'.repeat(30)}profiles"`,
    );
  });

  it('refuses a transaction of another client', async () => {
    const repository = new KnexProfileRepository(instance);
    const elsewhere = { isTransaction: true, client: { driverName: 'pg' } } as unknown as Knex.Transaction;
    expect(pointersOf(() => repository.withTransaction(elsewhere))).to.deep.equal(['/transaction']);
  });

  it('refuses to bind to anything but a transaction', () => {
    const repository = new KnexProfileRepository(instance);
    const bind = () => repository.withTransaction(instance as unknown as Knex.Transaction);
    expect(pointersOf(bind)).to.deep.equal(['/transaction']);
  });
});

function violationsOf(work: () => unknown): InvalidOptionsError['violations'] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.violations;
    throw error;
  }
  throw new Error('nothing was refused');
}

function pointersOf(work: () => unknown): string[] {
  return violationsOf(work).map((violation) => violation.pointer);
}

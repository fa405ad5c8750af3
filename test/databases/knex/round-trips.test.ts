import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';

describeOnEachServer('round trips', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  before(async () => {
    database = await createDatabase(server);
    knex = database.open({ pool: { min: 0, max: 1 } });
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema(firstSchema);
    await repository.commit([creation('anna', [email('a')]), creation('bert')]);
  });
  after(() => database?.dispose());

  const statements = (work: () => Promise<unknown>) => countStatements(server, knex, work);

  it('a load is one, with extensions or without', async () => {
    expect(await statements(() => repository.load('1', 'anna', { extensions: true }))).to.equal(1);
    expect(await statements(() => repository.load('1', 'anna', { extensions: false }))).to.equal(1);
  });

  it('a replacement without changed entries is one', async () => {
    expect(await statements(() => repository.commit([update('anna', 1, { extensions: {} })]))).to.equal(1);
    expect(await statements(() => repository.commit([update('anna', 2)]))).to.equal(1);
  });

  it('a refusal is one more', async () => {
    expect(await statements(() => repository.commit([update('anna', 1)]))).to.equal(2);
    expect(await statements(() => repository.commit([creation('anna')]))).to.equal(2);
  });

  it('a commit of many profiles takes no more than one of two', async () => {
    const creations = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => creation(`${prefix}${index}`, [email(prefix), email(String(index))]));
    const two = await statements(() => repository.commit(creations('b', 2).map(withOwnEntries)));
    const many = await statements(() => repository.commit(creations('c', 200).map(withOwnEntries)));
    expect(many).to.equal(two).and.to.be.below(5);
  });

  it('finding is one, and so is a page', async () => {
    expect(await statements(() => repository.find('1', email('a'), { limit: 100, extensions: true }))).to.equal(1);
    expect(await statements(() => repository.page('1', { limit: 100 }))).to.equal(1);
  });
});

/** Gives each profile an entry that no other has. */
function withOwnEntries(change: ReturnType<typeof creation>): ReturnType<typeof creation> {
  const digest = Buffer.from(change.customerId).toString('hex').padEnd(64, '0');
  return { ...change, addEntries: [{ key: 'idOwn', digest, unique: true }] };
}

/** How many statements the server was sent. */
async function countStatements(server: DatabaseServer, knex: Knex, work: () => Promise<unknown>): Promise<number> {
  if (server.client === 'pg') {
    // The pool has one connection alone.
    const connection = await knex.client.acquireConnection();
    await knex.client.releaseConnection(connection);
    const { query } = connection;
    let count = 0;
    connection.query = (...values: unknown[]) => {
      count += 1;
      return query.apply(connection, values);
    };
    await work();
    connection.query = query;
    return count;
  }
  const questions = async () => {
    const [[status]] = await knex.raw(`SHOW SESSION STATUS LIKE 'Questions'`);
    return Number(status.Value);
  };
  const before = await questions();
  await work();
  // Asking is one as well; preparing a statement, done once per connection, is not counted.
  return (await questions()) - before - 1;
}

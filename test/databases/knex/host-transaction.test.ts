import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const committed = { outcome: 'committed' };

describeOnEachServer("the host's transaction", (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  before(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    await knex.schema.createTable('orders', (table) => table.string('customer'));
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema(firstSchema);
    await repository.commit([creation('anna', [email('a')]), creation('bert', [email('b')])]);
  });
  after(() => database?.dispose());

  it('takes the rows of the host and the profiles with it, and goes on after obstacles', async () => {
    await knex.transaction(async (transaction) => {
      const bound = repository.withTransaction(transaction);
      await transaction('orders').insert({ customer: 'anna' });
      expect(await bound.commit([creation('anna')])).to.deep.equal({ outcome: 'id_taken', index: 0 });
      const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' };
      expect(await bound.commit([creation('carl', [email('b')])])).to.deep.equal(taken);
      expect(await bound.commit([update('anna', 1)])).to.deep.equal(committed);
    });
    expect(await knex('orders').pluck('customer')).to.deep.equal(['anna']);
    const { profile } = await repository.load('1', 'anna', { extensions: false });
    expect(profile?.revision).to.equal(2);
  });

  it('R14: sees what another has committed since it began, also where the host reads an older state', async () => {
    const transaction = await knex.transaction({ isolationLevel: 'repeatable read' });
    const bound = repository.withTransaction(transaction);
    const before = (await bound.load('1', 'bert', { extensions: false })).profile?.revision ?? 0;
    expect(await repository.commit([update('bert', before)])).to.deep.equal(committed);
    const answer = await bound.commit([update('bert', before)]).catch((error: unknown) => error);
    if (server.client === 'pg') {
      // PostgreSQL ends such a transaction.
      expect(answer).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
    } else {
      expect(answer).to.deep.equal({ outcome: 'revision_moved', index: 0, revision: before + 1 });
    }
    await transaction.rollback();
  });

  it('has results that the host renames', async () => {
    const renaming = database.open({
      wrapIdentifier: (name, quote) => quote(name.toLowerCase()),
      postProcessResponse: (result) => (Array.isArray(result) ? result : { ...result, rows: result.rows?.map(shout) }),
    });
    const loud = new KnexProfileRepository(renaming);
    await loud.ping();
    const page = await loud.page('1', { limit: 10 });
    expect(page.map((profile) => profile.customerId)).to.deep.equal(['anna', 'bert']);
  });
});

/** As hosts do whose own columns have names such as `created_at`. */
function shout(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Change } from 'dossier/storage';
import type { Knex } from 'knex';
import { creation, email, firstSchema, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

/** A key is being filled, which leaves the revision of a profile as it is, while another changes the profile. */
describeOnEachServer('an entry that is filled in while a change waits for the profile', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  beforeEach(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema(firstSchema);
    await repository.commit([creation('anna')]);
  });
  afterEach(() => database.dispose());

  const former = email('a');
  const holders = async (digit: string) =>
    (await repository.find('1', email(digit), { limit: 10, extensions: false })).profiles.map((one) => one.customerId);

  /** Has the change wait until the entry is there. */
  const fillInBefore = async (change: Change) => {
    const { attributes: _, ...filling } = update('anna', 1);
    const transaction = await knex.transaction();
    const bound = repository.withTransaction(transaction);
    expect(await bound.commit([{ ...filling, kind: 'index', addEntries: [former] }])).to.deep.equal(COMMITTED);
    const answer = repository.commit([change]);
    await setTimeout(100);
    await transaction.commit();
    expect(await answer).to.deep.equal(COMMITTED);
  };

  it('R21: goes with a replacement that gives up the value', async () => {
    await fillInBefore(update('anna', 1, { removeEntries: [former], addEntries: [email('b')] }));
    expect(await holders('a')).to.deep.equal([]);
    expect(await holders('b')).to.deep.equal(['anna']);
    expect(await repository.commit([creation('bert', [former])])).to.deep.equal(COMMITTED);
  });

  it('R21: goes with the profile', async () => {
    const { attributes: _, ...deletion } = update('anna', 1);
    await fillInBefore({ ...deletion, kind: 'delete', removeEntries: [former] });
    expect(await repository.commit([creation('bert', [former])])).to.deep.equal(COMMITTED);
    expect(await holders('a')).to.deep.equal(['bert']);
  });
});

const COMMITTED = { outcome: 'committed' };

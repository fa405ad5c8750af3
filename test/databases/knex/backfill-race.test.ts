import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Change } from 'dossier/storage';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

/** Backfilling a key leaves the revision of a profile unchanged, while another caller changes the profile. */
describeOnEachServer('an entry backfilled while a change waits for the profile', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  beforeEach(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna')], HISTORY);
  });
  afterEach(() => database.dispose());

  const oldEntry = email('a');
  const holders = async (digit: string) =>
    (await repository.find('1', email(digit), { limit: 10, extensions: false })).profiles.map((one) => one.customerId);

  /** Makes the change wait until the entry is committed. */
  const backfillBefore = async (change: Change) => {
    const { attributes: _, ...backfill } = update('anna', 1);
    const transaction = await knex.transaction();
    const bound = repository.withTransaction(transaction);
    expect(await bound.commit('1', [{ ...backfill, kind: 'index', addEntries: [oldEntry] }], HISTORY)).to.include(
      COMMITTED,
    );
    const result = repository.commit('1', [change], HISTORY);
    await setTimeout(100);
    await transaction.commit();
    expect(await result).to.include(COMMITTED);
  };

  it('R21: is removed by a replacement that drops the value', async () => {
    await backfillBefore(update('anna', 1, { removeEntries: [oldEntry], addEntries: [email('b')] }));
    expect(await holders('a')).to.deep.equal([]);
    expect(await holders('b')).to.deep.equal(['anna']);
    expect(await repository.commit('1', [creation('bert', [oldEntry])], HISTORY)).to.include(COMMITTED);
  });

  it('R21: is removed with the profile', async () => {
    const { attributes: _, ...deletion } = update('anna', 1);
    await backfillBefore({ ...deletion, kind: 'delete', removeEntries: [oldEntry] });
    expect(await repository.commit('1', [creation('bert', [oldEntry])], HISTORY)).to.include(COMMITTED);
    expect(await holders('a')).to.deep.equal(['bert']);
  });
});

const COMMITTED = { outcome: 'committed' };

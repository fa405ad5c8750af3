import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { CreateChange } from 'dossier/storage';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

/** As many bytes as a profile may have: forty exceed MariaDB's default packet size. */
const TEXT = 'é'.repeat(2 ** 19);

describeOnEachServer('a commit larger than a packet', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  before(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
  });
  after(() => database?.dispose());

  const creations = (tens: number, digit: string): CreateChange[] =>
    Array.from({ length: 40 }, (_, index) => {
      const entries = index === 39 ? [email(digit)] : [];
      return { ...creation(`p${tens}${index + 10}`, entries), attributes: { Text: TEXT } };
    });

  it('R12: is atomic', async () => {
    expect(await repository.commit('1', creations(1, 'a'), HISTORY)).to.include({ outcome: 'committed' });
    const taken = { outcome: 'entry_taken', index: 39, key: 'idEmail' };
    expect(await repository.commit('1', creations(2, 'a'), HISTORY)).to.deep.equal(taken);
    const bound = await knex.transaction((transaction) =>
      repository.withTransaction(transaction).commit('1', creations(3, 'b'), HISTORY),
    );
    expect(bound).to.include({ outcome: 'committed' });
    expect(await knex('dossier_profiles').where('id', 'like', 'p2%').pluck('id')).to.deep.equal([]);
    expect(await knex('dossier_profiles').pluck('id')).to.have.length(80);
    const { profile } = await repository.load('1', 'p149', { extensions: false });
    expect(profile?.attributes).to.deep.equal({ Text: TEXT });
  }).timeout(120_000);

  it('H1: keeps the states that it replaces', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `q${index + 10}`);
    await repository.commit(
      '1',
      ids.map((id) => creation(id)),
      HISTORY,
    );
    const updates = ids.map((id) => update(id, 1, { attributes: { Text: TEXT } }));
    expect(await repository.commit('1', updates, HISTORY)).to.deep.equal({
      outcome: 'committed',
      revisions: ids.map(() => 2),
    });
    for (const id of ids) {
      const revisions: number[] = [];
      for (let more = true; more; ) {
        const page = await repository.history('1', id, { before: revisions.at(-1), limit: 10 });
        revisions.push(...page.states.map(({ revision }) => revision));
        more = page.more;
      }
      expect(revisions).to.deep.equal([2, 1]);
    }
  }).timeout(120_000);
});

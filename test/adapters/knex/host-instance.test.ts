import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import { creation, email, firstSchema, HISTORY, update } from './sample-changes.js';

/** What hosts configure for their own tables must not affect those of Dossier. */
describe("a host's Knex instance", () => {
  it('may rewrite names and results', async () => {
    const instance = knex({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      wrapIdentifier: (name, quote) => quote(name.toUpperCase()),
      postProcessResponse: () => [],
    });
    await expectWorking(instance);
    await instance.destroy();
  });

  it('may return 64-bit integers as bigint', async () => {
    const options = { safeIntegers: true };
    const connection = { filename: ':memory:', options };
    const instance = knex({ client: 'better-sqlite3', connection, useNullAsDefault: true });
    await expectWorking(instance);
    await instance.destroy();
  });
});

async function expectWorking(instance: knex.Knex): Promise<void> {
  await migrate(instance);
  const repository = new KnexProfileRepository(instance);
  await repository.ping();
  await repository.commitSchema('1', firstSchema);
  expect(await repository.commit('1', [creation('anna', [email('a')]), creation('bert')], HISTORY)).to.deep.equal({
    outcome: 'committed',
    revisions: [1, 1],
  });
  expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.deep.equal({
    outcome: 'committed',
    revisions: [2],
  });
  expect(await repository.commit('1', [update('anna', 1)], HISTORY)).to.deep.equal({
    outcome: 'revision_changed',
    index: 0,
    revision: 2,
  });
  const { schemaVersion, profiles } = await repository.find('1', email('a'), { limit: 10, extensions: true });
  expect(schemaVersion).to.equal(1);
  expect(profiles.map((profile) => profile.revision)).to.deep.equal([2]);
  expect((await repository.page('1', { limit: 10 })).profiles).to.have.length(2);
  const { states } = await repository.history('1', 'anna', { limit: 10 });
  expect(states.map(({ revision }) => revision)).to.deep.equal([2, 1]);
  expect(await repository.prune('1', { keep: 0, limit: 10 })).to.deep.equal({ removed: 1, next: undefined });
}

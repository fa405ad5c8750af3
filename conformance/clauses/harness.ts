import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame, loadProfile } from '../expectations.js';
import type { ConformanceOptions, RepositoryHarness } from '../options.js';
import { ANNA, BERT, city, creation, email, TENANT } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

const addEntries = [email(ANNA), city('Ulm')];
const NOTHING = { schema: undefined, profiles: [], holders: [] };

/** That the harness is fit to prove the rest: a fresh store each time, and what it declares. */
export const harnessClauses: ClauseGroup = (clause, options) => {
  clause('harness/fresh', 'a new store is empty', async () => {
    await withNewHarness(options, async ({ repository }) => {
      expectSame(await stateOf(repository, TENANT), NOTHING, 'the state of a new store');
    });
  });

  clause('harness/isolated', 'two stores share nothing', async ({ repository }) => {
    await withNewHarness(options, async (second) => {
      await commitAll(repository, creation(ANNA, { addEntries }));
      expectSame(await stateOf(second.repository, TENANT), NOTHING, 'the second store after a write to the first');
      await commitSchemaVersion(second.repository, 1);
      await commitAll(second.repository, creation(BERT, { addEntries }));
      await commitAll(second.repository, creation(ANNA, { attributes: { Name: 'second' } }));
      const { holders } = await stateOf(second.repository, TENANT, addEntries);
      expectSame(holders, [[BERT], [BERT]], 'the profiles found in the second store');
      await commitSchemaVersion(second.repository, 2);
    });
    const { attributes } = await loadProfile(repository, ANNA);
    expectSame(attributes, creation(ANNA).attributes, 'the first store after a write to the second');
    const { profiles, holders, schema } = await stateOf(repository, TENANT, addEntries);
    expectSame([profiles.length, holders, schema?.version], [1, [[ANNA], [ANNA]], 1], 'the first store, likewise');
  });

  clause('harness/another', 'a second connection is given as declared', async ({ harness, repository, rival }) => {
    const declared = options.capabilities?.anotherConnection ?? false;
    assert.strictEqual(
      harness.another !== undefined,
      declared,
      'capabilities.anotherConnection is to tell whether there is harness.another',
    );
    const isSame = declared && (await harness.another?.()) === harness.repository;
    assert.ok(!isSame, 'harness.another is to give a repository of its own, not harness.repository');
    await commitAll(repository, creation(ANNA));
    expectSame(
      (await loadProfile(rival, ANNA)).attributes,
      creation(ANNA).attributes,
      'what the second connection sees',
    );
  });

  clause('harness/disposed', 'a store that was disposed of takes nothing along', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries }));
    const before = await stateOf(repository, TENANT, addEntries);
    await withNewHarness(options, async (second) => {
      await commitSchemaVersion(second.repository, 1);
      await commitAll(second.repository, creation(ANNA, { addEntries }));
    });
    expectSame(await stateOf(repository, TENANT, addEntries), before, 'the store after another was disposed of');
    await withNewHarness(options, async (third) => {
      expectSame(await stateOf(third.repository, TENANT), NOTHING, 'the state of a store made after that');
    });
  });

  clause('ping/ready', 'a store in use answers', async ({ repository }) => {
    await repository.ping();
  });
};

async function withNewHarness(
  options: ConformanceOptions,
  work: (harness: RepositoryHarness) => Promise<void>,
): Promise<void> {
  const harness = await options.createHarness();
  try {
    await work(harness);
  } finally {
    await harness.dispose();
  }
}

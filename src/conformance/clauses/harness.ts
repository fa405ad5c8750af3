import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame, loadProfile } from '../expectations.js';
import type { ConformanceOptions, RepositoryHarness } from '../options.js';
import { ANNA, creation, TENANT } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

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
      await commitAll(repository, creation(ANNA));
      expectSame(await stateOf(second.repository, TENANT), NOTHING, 'the second store after a write to the first');
      await commitSchemaVersion(second.repository, 1);
      await commitAll(second.repository, creation(ANNA, { attributes: { Name: 'second' } }));
    });
    const { attributes } = await loadProfile(repository, ANNA);
    expectSame(attributes, creation(ANNA).attributes, 'the first store after a write to the second');
  });

  clause('harness/another', 'a second connection is given as declared', async ({ harness, repository, rival }) => {
    const declared = options.capabilities?.anotherConnection ?? false;
    assert.strictEqual(
      harness.another !== undefined,
      declared,
      'capabilities.anotherConnection is to tell whether there is harness.another',
    );
    await commitAll(repository, creation(ANNA));
    expectSame(
      (await loadProfile(rival, ANNA)).attributes,
      creation(ANNA).attributes,
      'what the second connection sees',
    );
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

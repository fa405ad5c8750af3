import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectEqual, loadProfile } from '../expectations.js';
import type { ConformanceOptions, RepositoryHarness } from '../options.js';
import { ANNA, BERT, city, creation, email, TENANT } from '../sample-changes.js';
import { stateOf } from '../tenant-state.js';

const addEntries = [email(ANNA), city('Ulm')];
const NOTHING = { schema: undefined, profiles: [], holders: [] };

/** The harness itself: it creates a fresh store each time and provides what it declares. */
export const harnessClauses: ClauseGroup = (clause, options) => {
  clause('harness/seed', 'a schema and profiles can be written and read, as every test begins', async () => {});

  clause('harness/fresh', 'a new store is empty', async () => {
    await withNewHarness(options, async ({ repository }) => {
      expectEqual(await stateOf(repository, TENANT), NOTHING, 'the state of a new store');
    });
  });

  clause('harness/isolated', 'two stores share nothing', async ({ repository }) => {
    await withNewHarness(options, async (second) => {
      await commitAll(repository, creation(ANNA, { addEntries }));
      expectEqual(await stateOf(second.repository, TENANT), NOTHING, 'the second store after a write to the first');
      await commitSchemaVersion(second.repository, 1);
      await commitAll(second.repository, creation(BERT, { addEntries }));
      await commitAll(second.repository, creation(ANNA, { attributes: { Name: 'second' } }));
      const { holders } = await stateOf(second.repository, TENANT, addEntries);
      expectEqual(holders, [[BERT], [BERT]], 'the holders in the second store');
      await commitSchemaVersion(second.repository, 2);
    });
    const { attributes } = await loadProfile(repository, ANNA);
    expectEqual(attributes, creation(ANNA).attributes, 'the first store after a write to the second');
    const { profiles, holders, schema } = await stateOf(repository, TENANT, addEntries);
    expectEqual(
      [profiles.length, holders, schema?.version],
      [1, [[ANNA], [ANNA]], 1],
      'the number of profiles, the holders and the schema version in the first store',
    );
  });

  clause(
    'harness/second-connection',
    'a second connection is provided, unless `anotherConnection` is false',
    async ({ harness, repository, secondConnection }) => {
      const declared = options.capabilities?.anotherConnection ?? true;
      assert.ok(
        harness.another !== undefined || !declared,
        'the harness has no `another`. Let it open a second repository over the same store; if only one repository can ever use a store, declare `capabilities: { anotherConnection: false }`',
      );
      assert.ok(
        harness.another === undefined || declared,
        'the harness has `another`, and `capabilities.anotherConnection` is false. Remove one of them',
      );
      const isSame = declared && (await harness.another?.()) === harness.repository;
      assert.ok(!isSame, '`harness.another` must create a new repository, not return `harness.repository`');
      await commitAll(repository, creation(ANNA));
      expectEqual(
        (await loadProfile(secondConnection, ANNA)).attributes,
        creation(ANNA).attributes,
        'the profile read on the second connection',
      );
    },
  );

  clause('harness/disposed', 'disposing of one store leaves others alone', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries }));
    const before = await stateOf(repository, TENANT, addEntries);
    await withNewHarness(options, async (second) => {
      await commitSchemaVersion(second.repository, 1);
      await commitAll(second.repository, creation(ANNA, { addEntries }));
    });
    expectEqual(await stateOf(repository, TENANT, addEntries), before, 'the store after another one was disposed of');
    await withNewHarness(options, async (third) => {
      expectEqual(await stateOf(third.repository, TENANT), NOTHING, 'the state of a store created afterwards');
    });
  });

  clause('ping/ready', 'ping resolves', async ({ repository }) => {
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

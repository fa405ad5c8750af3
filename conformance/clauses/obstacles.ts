import type { ClauseContext, ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectMissing, expectObstacle, expectSame } from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  deletion,
  email,
  indexing,
  NEXT_INSTANT,
  TENANT,
  update,
} from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

const BY_NEWER = { schemaVersion: 2 };

/** What is answered when something stands in the way, and what comes first when several things do. */
export const obstacleClauses: ClauseGroup = (clause) => {
  clause('obstacles/schema-moved', 'a change by an older or unknown schema version is refused', async (context) => {
    const { repository, rival } = context;
    await settle(context);
    const moved = { outcome: 'schema_moved', schemaVersion: 1 } as const;
    for (const change of [
      creation(CARL, BY_NEWER),
      update(ANNA, 1, BY_NEWER),
      deletion(ANNA, 1, BY_NEWER),
      indexing(ANNA, 1, [city('Bonn')], BY_NEWER),
    ]) {
      await expectObstacle(repository, [change], moved);
    }
    await commitSchemaVersion(rival, 2);
    const before = await stateOf(repository, TENANT);
    await expectObstacle(repository, [update(ANNA, 1)], { ...moved, schemaVersion: 2 });
    await expectObstacle(repository, [deletion(ANNA, 1)], { ...moved, schemaVersion: 2 });
    expectSame(await stateOf(repository, TENANT), before, 'the state after the refusals');
    await commitAll(repository, update(ANNA, 1, BY_NEWER));
  });

  clause('obstacles/no-schema', 'without a schema nothing can be stored', async ({ repository }) => {
    await expectObstacle(repository, [creation(ANNA, { tenantId: '3' })], { outcome: 'schema_moved' });
    expectSame(
      await stateOf(repository, '3'),
      { profiles: [], holders: [] },
      'the state of the tenant without a schema',
    );
  });

  clause('obstacles/schema-first', 'a moved schema is answered before any other obstacle', async (context) => {
    const { repository } = context;
    await settle(context);
    await commitSchemaVersion(repository, 2);
    const moved = { outcome: 'schema_moved', schemaVersion: 2 } as const;
    await expectObstacle(repository, [creation(ANNA)], moved);
    await expectObstacle(repository, [update(ANNA, 9)], moved);
    await expectObstacle(repository, [update(CARL, 1)], moved);
    await expectObstacle(repository, [indexing(ANNA, 1, [email(BERT)])], moved);
    await expectObstacle(repository, [update(ANNA, 9, BY_NEWER), update(BERT, 1)], moved);
  });

  clause('obstacles/schema-first', 'the schema version of each change is compared', async (context) => {
    const { repository } = context;
    await settle(context);
    await commitSchemaVersion(repository, 2);
    const before = await stateOf(repository, TENANT);
    const moved = { outcome: 'schema_moved', schemaVersion: 2 } as const;
    for (const versions of [
      [1, 2, 2],
      [2, 1, 2],
      [2, 2, 1],
      [2, 2, 3],
      [3, 2, 2],
      [1, 3, 2],
    ]) {
      const [ofAnna = 2, ofBert = 2, ofCarl = 2] = versions;
      const changes = [
        update(ANNA, 1, { schemaVersion: ofAnna }),
        deletion(BERT, 1, { schemaVersion: ofBert, removeEntries: [email(BERT)] }),
        creation(CARL, { schemaVersion: ofCarl }),
      ];
      await expectObstacle(repository, changes, moved);
    }
    expectSame(await stateOf(repository, TENANT), before, 'the state after the refusals');
  });

  clause('obstacles/each-change', 'each change is held against the store, at whatever place', async (context) => {
    const { repository } = context;
    await settle(context);
    const before = await stateOf(repository, TENANT, [email(ANNA), email(BERT), city('Ulm')]);
    const good = creation(CARL, { addEntries: [city('Ulm')] });
    const another = { createdAt: NEXT_INSTANT };
    const taken = { addEntries: [city('Ulm'), email(BERT)] };
    for (const [bad, obstacle] of [
      [creation(ANNA), { outcome: 'id_taken' }],
      [creation('dora', taken), { outcome: 'entry_taken', key: 'idEmail' }],
      [update(ANNA, 1, taken), { outcome: 'entry_taken', key: 'idEmail' }],
      [indexing(ANNA, 1, taken.addEntries), { outcome: 'entry_taken', key: 'idEmail' }],
      ...[
        [update(ANNA, 2), deletion(ANNA, 2), indexing(ANNA, 2, [city('Ulm')])],
        [update(ANNA, 1, another), deletion(ANNA, 1, another), indexing(ANNA, 1, [city('Ulm')], another)],
      ].flatMap((changes) => changes.map((change) => [change, { outcome: 'revision_moved', revision: 1 }] as const)),
      ...[update('dora', 1), deletion('dora', 1), indexing('dora', 1, [city('Ulm')])].map(
        (change) => [change, { outcome: 'revision_moved' }] as const,
      ),
    ] as const) {
      await expectObstacle(repository, [good, bad], { ...obstacle, index: 1 });
      await expectObstacle(repository, [bad, good], { ...obstacle, index: 0 });
    }
    const after = await stateOf(repository, TENANT, [email(ANNA), email(BERT), city('Ulm')]);
    expectSame(after, before, 'the state after the refusals');
  });

  clause('obstacles/lowest-index', 'of several changes the first that is refused is answered', async (context) => {
    const { repository } = context;
    await settle(context);
    const staleAnna = update(ANNA, 9);
    const takenByBert = creation(CARL, { addEntries: [email(BERT)] });
    const bertAgain = creation(BERT);
    await expectObstacle(repository, [staleAnna, takenByBert, bertAgain], {
      outcome: 'revision_moved',
      index: 0,
      revision: 1,
    });
    await expectObstacle(repository, [takenByBert, bertAgain, staleAnna], {
      outcome: 'entry_taken',
      index: 0,
      key: 'idEmail',
    });
    await expectObstacle(repository, [bertAgain, staleAnna, takenByBert], { outcome: 'id_taken', index: 0 });
    await expectMissing(repository, CARL);
  });

  clause('obstacles/profile-first', 'of one change, id and revision are answered before entries', async (context) => {
    const { repository } = context;
    await settle(context);
    const addEntries = [email(BERT)];
    await expectObstacle(repository, [creation(ANNA, { addEntries })], { outcome: 'id_taken', index: 0 });
    const moved = { outcome: 'revision_moved', index: 0, revision: 1 } as const;
    await expectObstacle(repository, [update(ANNA, 9, { addEntries })], moved);
    await expectObstacle(repository, [indexing(ANNA, 9, addEntries)], moved);
  });

  clause('obstacles/goes-on', 'after each obstacle the repository works as before', async (context) => {
    const { repository } = context;
    await settle(context);
    await expectObstacle(repository, [creation(ANNA)], { outcome: 'id_taken', index: 0 });
    await commitAll(repository, update(ANNA, 1));
    await expectObstacle(repository, [update(ANNA, 1)], { outcome: 'revision_moved', index: 0, revision: 2 });
    await commitAll(repository, update(ANNA, 2));
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    await expectObstacle(repository, [update(ANNA, 3, { addEntries: [email(BERT)] })], taken);
    await commitAll(repository, update(ANNA, 3));
  });
};

async function settle({ repository }: ClauseContext): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { addEntries: [email(ANNA)] }),
    creation(BERT, { addEntries: [email(BERT)] }),
  );
}

import type { Change } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { commitAll, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import { race, readWhileWriting } from '../racing.js';
import { ANNA, BERT, CARL, city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { idsOf, stateOf } from '../stored-state.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm'), city('Bonn')];

/** A change of each kind to Anna or Carl in whose way nothing stands. */
const GOOD: Readonly<Record<string, () => Change>> = {
  'a creation': () => creation(CARL, { addEntries: [email(CARL), city('Bonn')] }),
  'an update': () =>
    update(ANNA, 1, {
      segment: 'silver',
      extensions: {},
      addEntries: [city('Bonn')],
      removeEntries: [email(ANNA)],
    }),
  'a deletion': () => deletion(ANNA, 1, { removeEntries: [email(ANNA), city('Ulm')] }),
  'an index change': () => indexing(ANNA, 1, [city('Bonn')]),
};

/** That a commit takes place as a whole or not at all. */
export const wholeCommitClauses: ClauseGroup = (clause) => {
  clause('commit/whole', 'changes of several profiles take place together', async (context) => {
    const { repository } = context;
    await settle(context);
    await commitAll(
      repository,
      creation(CARL, { addEntries: [email(CARL)] }),
      update(ANNA, 1, { addEntries: [city('Bonn')], removeEntries: [email(ANNA)] }),
      deletion(BERT, 1, { removeEntries: [email(BERT), city('Ulm')] }),
    );
    const { profiles, holders } = await stateOf(repository, TENANT, ENTRIES);
    const revisions = profiles.map(({ customerId, revision }) => [customerId, revision]);
    expectSame(
      revisions,
      [
        [ANNA, 2],
        [CARL, 1],
        ['dora', 1],
      ],
      'the profiles',
    );
    expectSame(holders, [[], [], [CARL], [ANNA], [ANNA]], 'the profiles that are found');
  });

  clause('commit/own-values', 'each change of a commit brings its own values', async ({ repository }) => {
    const ids = Array.from({ length: 8 }, (_, number) => `profile-${number}`);
    const valuesOf = (number: number, revision: number) => ({
      attributes: { [`Name${number}`]: number, Revision: revision },
      at: `2024-03-0${number + 1}T08:30:15.25${revision}Z`,
      // Each of the two is given by some of the changes and left out by others, in all combinations.
      ...(number % 2 === revision % 2 && { segment: `segment ${number} ${revision}` }),
      ...((number >> 1) % 2 === revision % 2 && { extensions: { [`Log${number}`]: [{ Revision: revision }] } }),
    });
    await commitAll(repository, ...ids.map((id, number) => creation(id, { extensions: {}, ...valuesOf(number, 1) })));
    await commitAll(
      repository,
      ...ids.map((id, number) => update(id, 1, { ...valuesOf(number, 2), createdAt: valuesOf(number, 1).at })),
    );
    const expected = ids.map((customerId, number) => {
      const { at: createdAt, ...created } = valuesOf(number, 1);
      const { at: updatedAt, ...updated } = valuesOf(number, 2);
      return { customerId, revision: 2, extensions: {}, ...created, ...updated, createdAt, updatedAt };
    });
    expectSame((await stateOf(repository, TENANT)).profiles, expected, 'the profiles');
  });

  for (const [kind, makeGood] of Object.entries(GOOD)) {
    clause('commit/whole', `a refused change takes back ${kind} before or after it`, async (context) => {
      const { repository } = context;
      const good = makeGood();
      await settle(context);
      const before = await stateOf(repository, TENANT, ENTRIES);
      for (const [bad, obstacle] of [
        [update(BERT, 9), { outcome: 'revision_moved', revision: 1 }],
        [creation(BERT), { outcome: 'id_taken' }],
        [update(BERT, 1, { addEntries: [email('dora')] }), { outcome: 'entry_taken', key: 'idEmail' }],
      ] as const) {
        await expectObstacle(repository, [good, bad], { ...obstacle, index: 1 });
        expectSame(await stateOf(repository, TENANT, ENTRIES), before, `the state after ${obstacle.outcome}`);
        await expectObstacle(repository, [bad, good], { ...obstacle, index: 0 });
        expectSame(await stateOf(repository, TENANT, ENTRIES), before, `the state after ${obstacle.outcome}`);
      }
    });
  }

  clause('commit/largest', 'a thousand changes take place together or not at all', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA));
    const created = Array.from({ length: 999 }, (_, number) => `profile-${String(number).padStart(3, '0')}`);
    const [first] = created;
    const ends = city('at both ends');
    // Several entries each, so that the writes are many times as many as the changes.
    const entriesOf = (id: string) => [
      city('Ulm'),
      city(id),
      city(`${id} too`),
      email(id),
      ...(id === first ? [ends] : []),
    ];
    const creations = created.map((id) => creation(id, { addEntries: entriesOf(id) }));
    const deletions = created.map((id) => deletion(id, 1, { removeEntries: entriesOf(id) }));
    await readWhileWriting(
      context,
      6,
      async () => {
        const refused = { outcome: 'revision_moved', index: 999, revision: 1 } as const;
        await expectObstacle(repository, [...creations, update(ANNA, 9, { addEntries: [ends] })], refused);
        const before = await stateOf(repository, TENANT, [city('Ulm')]);
        expectSame([idsOf(before.profiles), before.holders], [[ANNA], [[]]], 'what is there after the refusal');
        await commitAll(repository, ...creations, update(ANNA, 1, { addEntries: [ends] }));
        const after = await stateOf(repository, TENANT, [city('Ulm')]);
        expectSame([idsOf(after.profiles), after.holders], [[ANNA, ...created], [created]], 'what is there afterwards');
        expectSame((await loadProfile(repository, ANNA)).revision, 2, 'the revision of the last one');
        await commitAll(repository, ...deletions, update(ANNA, 2, { removeEntries: [ends] }));
        const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
        expectSame([idsOf(profiles), holders], [[ANNA], [[]]], 'what is there after the deletions');
      },
      async (connection) => {
        const { profiles } = await connection.find(TENANT, ends, { limit: 10, extensions: false });
        const together = profiles.length === 0 ? [] : [ANNA, first];
        expectSame(idsOf(profiles), together, 'those of the first and the last change that a reader sees meanwhile');
      },
    );
  });

  clause('commit/whole', 'a refused commit takes nothing along of commits that it races', async (context) => {
    const { repository } = context;
    const idOf = (racer: number) => `racer-${String(racer).padStart(2, '0')}`;
    await commitAll(repository, creation(ANNA));
    const results = await race(context, 20, (connection, racer) => {
      const good = creation(idOf(racer), { addEntries: [city('Ulm')] });
      return connection.commit(racer % 4 < 2 ? [good, update(ANNA, 9)] : [good]);
    });
    const refused = { outcome: 'revision_moved', index: 1, revision: 1 };
    const expected = results.map((_, racer) => (racer % 4 < 2 ? refused : { outcome: 'committed' }));
    expectSame(results, expected, 'the answers');
    const created = results.flatMap((_, racer) => (racer % 4 < 2 ? [] : [idOf(racer)]));
    const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
    expectSame(idsOf(profiles), [ANNA, ...created], 'the profiles');
    expectSame(holders, [created], 'the profiles that are found');
  });
};

/** Anna and Bert are there, and `dora` has an e-mail address that nobody else may take. */
async function settle({ repository }: ClauseContext): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { segment: 'gold', addEntries: [email(ANNA), city('Ulm')] }),
    creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
    creation('dora', { addEntries: [email('dora')] }),
  );
}

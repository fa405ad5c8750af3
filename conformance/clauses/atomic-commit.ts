import type { Change } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { race, readWhileWriting } from '../concurrency.js';
import {
  commit,
  commitAll,
  committed,
  expectConflict,
  expectEqual,
  expectHolders,
  loadProfile,
} from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  deletion,
  email,
  indexing,
  largeCreation,
  TENANT,
  update,
} from '../sample-changes.js';
import { idsOf, stateOf } from '../tenant-state.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm'), city('Bonn')];

/** A change of each kind to Anna or Carl that succeeds after `seed`. */
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

/** Commits are atomic: all changes take effect, or none. */
export const atomicCommitClauses: ClauseGroup = (clause) => {
  clause('commit/atomic', 'changes of several profiles take effect together', async (context) => {
    const { repository } = context;
    await seed(context);
    await commitAll(
      repository,
      creation(CARL, { addEntries: [email(CARL)] }),
      update(ANNA, 1, { addEntries: [city('Bonn')], removeEntries: [email(ANNA)] }),
      deletion(BERT, 1, { removeEntries: [email(BERT), city('Ulm')] }),
    );
    const { profiles, holders } = await stateOf(repository, TENANT, ENTRIES);
    const revisions = profiles.map(({ customerId, revision }) => [customerId, revision]);
    expectEqual(
      revisions,
      [
        [ANNA, 2],
        [CARL, 1],
        ['dora', 1],
      ],
      'the profiles',
    );
    expectEqual(holders, [[], [], [CARL], [ANNA], [ANNA]], 'the holders of the entries');
  });

  clause('commit/revisions', 'returns the revision of each profile, in the order of the changes', async (context) => {
    const { repository } = context;
    await seed(context);
    await commitAll(repository, update(BERT, 1), update('dora', 1));
    await commitAll(repository, update('dora', 2));
    const changes = [
      deletion('dora', 3, { removeEntries: [email('dora')] }),
      creation(CARL),
      update(BERT, 2),
      indexing(ANNA, 1, [city('Bonn')]),
    ];
    expectEqual(await commit(repository, changes), { outcome: 'committed', revisions: [4, 1, 3, 1] }, 'the result');
  });

  clause('commit/own-values', 'each change of a commit writes its own values', async ({ repository }) => {
    const ids = Array.from({ length: 8 }, (_, number) => `profile-${number}`);
    const valuesOf = (number: number, revision: number) => ({
      attributes: { [`Name${number}`]: number, Revision: revision },
      at: `2024-03-0${number + 1}T08:30:15.25${revision}Z`,
      // Segment, extensions and residual values are given by some changes and omitted by others, in all combinations.
      segment: number % 2 === revision % 2 ? `segment ${number} ${revision}` : undefined,
      ...((number >> 1) % 2 === revision % 2 && { extensions: { [`Log${number}`]: [{ Revision: revision }] } }),
      residual: (number >> 2) % 2 === revision % 2 ? { attributes: { [`Old${number}`]: revision } } : undefined,
    });
    await commitAll(repository, ...ids.map((id, number) => creation(id, { extensions: {}, ...valuesOf(number, 1) })));
    await commitAll(
      repository,
      ...ids.map((id, number) => update(id, 1, { ...valuesOf(number, 2), createdAt: valuesOf(number, 1).at })),
    );
    const expected = ids.map((customerId, number) => {
      const { at: createdAt, ...created } = valuesOf(number, 1);
      const { at: updatedAt, ...updated } = valuesOf(number, 2);
      const { segment, residual } = updated;
      return {
        customerId,
        revision: 2,
        extensions: {},
        ...created,
        ...updated,
        segment,
        residual,
        createdAt,
        updatedAt,
      };
    });
    expectEqual((await stateOf(repository, TENANT)).profiles, expected, 'the profiles');
  });

  for (const [kind, makeGood] of Object.entries(GOOD)) {
    clause('commit/atomic', `a refused change rolls back ${kind} before or after it`, async (context) => {
      const { repository } = context;
      const good = makeGood();
      await seed(context);
      const before = await stateOf(repository, TENANT, ENTRIES);
      for (const [bad, conflict] of [
        [update(BERT, 9), { outcome: 'revision_changed', revision: 1 }],
        [creation(BERT), { outcome: 'id_taken' }],
        [update(BERT, 1, { addEntries: [email('dora')] }), { outcome: 'entry_taken', key: 'idEmail' }],
      ] as const) {
        await expectConflict(repository, [good, bad], { ...conflict, index: 1 });
        expectEqual(await stateOf(repository, TENANT, ENTRIES), before, `the state after ${conflict.outcome}`);
        await expectConflict(repository, [bad, good], { ...conflict, index: 0 });
        expectEqual(await stateOf(repository, TENANT, ENTRIES), before, `the state after ${conflict.outcome}`);
      }
    });
  }

  clause('commit/largest', 'a commit of a thousand changes is atomic', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA));
    const created = Array.from({ length: 999 }, (_, number) => `profile-${String(number).padStart(3, '0')}`);
    const [first] = created;
    const ends = city('at both ends');
    // Several entries each, so that there are many times more writes than changes.
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
        const refused = { outcome: 'revision_changed', index: 999, revision: 1 } as const;
        await expectConflict(repository, [...creations, update(ANNA, 9, { addEntries: [ends] })], refused);
        const before = await stateOf(repository, TENANT, [city('Ulm')]);
        expectEqual(
          [idsOf(before.profiles), before.holders],
          [[ANNA], [[]]],
          'the profiles and holders after the refused commit',
        );
        await commitAll(repository, ...creations, update(ANNA, 1, { addEntries: [ends] }));
        const after = await stateOf(repository, TENANT, [city('Ulm')]);
        expectEqual(
          [idsOf(after.profiles), after.holders],
          [[ANNA, ...created], [created]],
          'the profiles and holders after the commit',
        );
        expectEqual((await loadProfile(repository, ANNA)).revision, 2, 'the revision of the last profile');
        await commitAll(repository, ...deletions, update(ANNA, 2, { removeEntries: [ends] }));
        const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
        expectEqual([idsOf(profiles), holders], [[ANNA], [[]]], 'the profiles and holders after the deletions');
      },
      async (connection) => {
        const { profiles } = await connection.find(TENANT, ends, { limit: 10, extensions: false });
        const together = profiles.length === 0 ? [] : [ANNA, first];
        expectEqual(
          idsOf(profiles),
          together,
          'the profiles of the first and last change that a concurrent reader finds',
        );
      },
    );
  });

  clause('commit/index-changes', 'a commit of a thousand index changes adds all entries', async ({ repository }) => {
    const ids = Array.from({ length: 1_000 }, (_, number) => `profile-${String(number).padStart(3, '0')}`);
    const small = { attributes: {}, extensions: {} };
    await commitAll(repository, ...ids.map((id) => creation(id, small)));
    await commitAll(repository, ...ids.map((id) => indexing(id, 1, [city('Ulm'), email(id)])));
    await expectHolders(repository, city('Ulm'), ids);
    expectEqual(await repository.dropEntries(TENANT, 'idEmail', 10_000), 1_000, 'the number of added unique entries');
  });

  clause(
    'commit/mixed-shapes',
    'each of hundreds of updates writes what it has, and keeps the rest',
    async (context) => {
      const { repository } = context;
      const ids = Array.from({ length: 320 }, (_, number) => `profile-${String(number).padStart(3, '0')}`);
      const created = { segment: 'created', attributes: { Name: 'created' }, extensions: { Log: [{ By: 'created' }] } };
      await commitAll(
        repository,
        ...ids.map((id) => creation(id, { ...created, addEntries: [email(id), city('Ulm')] })),
      );
      // All combinations; the first one of each half has the fewest, and the most members.
      const shapes = [...ids.slice(0, 160).keys(), ...[...ids.slice(160).keys()].map((number) => number ^ 7)];
      const updated = (number: number, shape: number) => ({
        attributes: { Name: `update ${number}` },
        ...((shape & 1) > 0 && { segment: `segment ${number}` }),
        ...((shape & 2) > 0 && { extensions: shape & 8 ? {} : { Log: [{ By: `update ${number}` }] } }),
      });
      const entriesOf = (number: number, shape: number) =>
        (shape & 4) > 0 ? { addEntries: [email(`new ${number}`)], removeEntries: [city('Ulm')] } : {};
      const changes = shapes.map((shape, number) =>
        update(ids[number] ?? '', 1, { ...updated(number, shape), ...entriesOf(number, shape) }),
      );
      await commitAll(repository, ...changes.slice(0, 160));
      await commitAll(repository, ...changes.slice(160));
      const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
      const expected = shapes.map((shape, number) => ({ ...created, segment: undefined, ...updated(number, shape) }));
      expectEqual(
        profiles.map(({ segment, attributes, extensions }) => ({ segment, attributes, extensions })),
        expected,
        'the profiles',
      );
      const kept = ids.filter((_, number) => ((shapes[number] ?? 0) & 4) === 0);
      expectEqual(holders, [kept], 'the holders of the entry that half of the updates remove');
      const added = 2 * ids.length - kept.length;
      expectEqual(await repository.dropEntries(TENANT, 'idEmail', 10_000), added, 'the number of unique entries');
    },
  );

  clause(
    'commit/large',
    'a commit of more than 16 MiB stores all documents',
    async ({ repository, secondConnection }) => {
      const ids = Array.from('abcdefghi');
      await commitAll(repository, ...ids.map((id) => largeCreation(id)));
      for (const id of ids) {
        const { attributes, extensions } = await loadProfile(secondConnection, id);
        const { attributes: expected, extensions: log } = largeCreation(id);
        expectEqual({ attributes, extensions }, { attributes: expected, extensions: log }, `the documents of ${id}`);
      }
    },
  );

  clause('commit/atomic', 'a refused commit does not roll back concurrent commits', async (context) => {
    const { repository } = context;
    const idOf = (racer: number) => `racer-${String(racer).padStart(2, '0')}`;
    await commitAll(repository, creation(ANNA));
    const results = await race(context, 20, (connection, racer) => {
      const good = creation(idOf(racer), { addEntries: [city('Ulm')] });
      return commit(connection, racer % 4 < 2 ? [good, update(ANNA, 9)] : [good]);
    });
    const refused = { outcome: 'revision_changed', index: 1, revision: 1 };
    const expected = results.map((_, racer) => (racer % 4 < 2 ? refused : committed(creation(idOf(racer)))));
    expectEqual(results, expected, 'the results');
    const created = results.flatMap((_, racer) => (racer % 4 < 2 ? [] : [idOf(racer)]));
    const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
    expectEqual(idsOf(profiles), [ANNA, ...created], 'the profiles');
    expectEqual(holders, [created], 'the holders of the entries');
  });
};

/** Creates Anna and Bert, and Dora with a unique entry that is therefore taken. */
async function seed({ repository }: ClauseContext): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { segment: 'gold', addEntries: [email(ANNA), city('Ulm')] }),
    creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
    creation('dora', { addEntries: [email('dora')] }),
  );
}

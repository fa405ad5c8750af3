import type { Change, ProfileRepository, StateMetadata, StoredState } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectConflict, expectEqual, keepAll } from '../expectations.js';
import { ANNA, BERT, CARL, city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { allStates, historyPage, presentState, revisionsOf } from '../states.js';

const HISTORY = { history: true };
const RESIDUAL = { attributes: { Old: 1 }, extensions: { Fax: [{ Number: '555-9' }] } };

/** Changes of one profile, each of which succeeds after the one before, and makes a state unlike the others. */
const makeChanges = (): Exclude<Change, { kind: 'index' }>[] => [
  creation(ANNA, {
    segment: 'gold',
    residual: RESIDUAL,
    metadata: { operation: 'import', actor: 'first actor', reason: 'first reason' },
    addEntries: [email(ANNA), city('Ulm')],
  }),
  update(ANNA, 1, { at: '2024-03-01T01:00:00.000Z', metadata: { operation: 'patch', actor: 'second actor' } }),
  update(ANNA, 2, {
    at: '2024-03-01T02:00:00.000Z',
    segment: 'silver',
    extensions: { Log: [{ Text: 'third' }] },
    metadata: { operation: 'restore', reason: 'fourth reason' },
    removeEntries: [city('Ulm')],
  }),
  update(ANNA, 3, { at: '2024-03-01T03:00:00.000Z', attributes: {}, extensions: {}, residual: RESIDUAL }),
  deletion(ANNA, 4, { metadata: { operation: 'delete', actor: 'last actor' }, removeEntries: [email(ANNA)] }),
];

/** Former states (H1), if the capability is declared. */
export const historyClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('history/states', 'each state is kept as it was, and read newest first', async (context) => {
    const { repository, secondConnection } = context;
    const states: StoredState[] = [];
    for (const change of makeChanges()) {
      await keepAll(repository, change);
      states.unshift(await stateMadeBy(repository, change));
      expectEqual(await allStates(secondConnection, ANNA), states, `the states after revision ${states.length}`);
    }
  });

  clause('history/metadata', 'each state has the metadata of the change that made it', async ({ repository }) => {
    const all: StateMetadata = { operation: 'merge', actor: 'an actor', reason: 'a reason', counterpart: BERT };
    const given: StateMetadata[] = [
      all,
      { operation: 'replace' },
      { operation: 'patch', actor: 'another actor' },
      { operation: 'insert_records', reason: 'another reason', actor: undefined },
      all,
      { operation: 'schema_change' },
    ];
    await keepAll(repository, creation(ANNA, { metadata: all }), creation(BERT));
    for (const [index, metadata] of given.slice(1).entries()) {
      await keepAll(repository, update(ANNA, index + 1, { metadata }), update(BERT, index + 1));
    }
    const states = await allStates(repository, ANNA);
    expectEqual(
      states.map(({ metadata }) => metadata),
      given.toReversed(),
      'the metadata, newest first',
    );
  });

  clause('history/none', 'a profile that never changed has one state, an unknown id has none', async (context) => {
    const { repository } = context;
    const change = creation(ANNA);
    await keepAll(repository, change);
    const states = [await presentState(repository, ANNA, change.metadata)];
    expectEqual(
      await historyPage(repository, ANNA, { limit: 10 }),
      { schemaVersion: 1, states, more: false },
      'history',
    );
    const none = { states: [], more: false };
    expectEqual(await historyPage(repository, BERT, { limit: 10 }), { schemaVersion: 1, ...none }, 'of an unknown id');
    expectEqual(await historyPage(repository, ANNA, { limit: 10 }, '3'), none, 'of an unknown tenant');
    await commitSchemaVersion(repository, 2);
    for (const id of [ANNA, BERT]) {
      const { schemaVersion } = await historyPage(repository, id, { limit: 10 });
      expectEqual(schemaVersion, 2, `the schema version in the history of ${id}`);
    }
  });

  clause('history/profiles', 'a commit keeps a state of each profile that it changes', async ({ repository }) => {
    const ids = Array.from({ length: 16 }, (_, number) => `profile-${String(number).padStart(2, '0')}`);
    const contentOf = (number: number, revision: number) =>
      ({
        attributes: { [`Name${number}`]: revision },
        at: `2024-03-${String(number + 1).padStart(2, '0')}T08:30:15.25${revision}Z`,
        metadata: {
          operation: 'import',
          ...((number >> 3) % 2 === revision % 2 && { actor: `${number}/${revision}` }),
        },
        // Each is given by some changes and omitted by others, in all combinations.
        ...(number % 2 === revision % 2 && { segment: `segment ${number} ${revision}` }),
        ...((number >> 1) % 2 === revision % 2 && { extensions: { [`Log${number}`]: [{ Revision: revision }] } }),
        ...((number >> 2) % 2 === revision % 2 && { residual: { attributes: { [`Old${number}`]: revision } } }),
      }) as const;
    const creations = ids.map((id, number) => creation(id, { extensions: {}, ...contentOf(number, 1) }));
    await keepAll(repository, ...creations);
    const created: StoredState[] = [];
    for (const change of creations) {
      created.push(await presentState(repository, change.customerId, change.metadata));
    }
    const createdAt = (number: number) => contentOf(number, 1).at;
    const last = ids.length - 1;
    const updates = ids
      .slice(0, last)
      .map((id, number) => update(id, 1, { ...contentOf(number, 2), createdAt: createdAt(number) }));
    const removed = deletion(ids[last] ?? '', 1, { createdAt: createdAt(last) });
    await keepAll(repository, ...updates, removed);
    for (const [number, id] of ids.entries()) {
      const [present, ...former] = await allStates(repository, id);
      expectEqual(former, [created[number]], `the former states of ${id}`);
      expectEqual(
        present?.metadata,
        (updates[number] ?? removed).metadata,
        `the metadata of the present state of ${id}`,
      );
    }
  });

  clause('history/merge', 'a commit that updates one profile and deletes another keeps both', async (context) => {
    const { repository } = context;
    await keepAll(
      repository,
      creation(ANNA, { addEntries: [email(ANNA)] }),
      creation(BERT, { addEntries: [email(BERT)] }),
    );
    const [anna, bert] = [await allStates(repository, ANNA), await allStates(repository, BERT)];
    const metadata: StateMetadata = { operation: 'merge', actor: 'merger' };
    await keepAll(
      repository,
      deletion(BERT, 1, { metadata: { ...metadata, counterpart: ANNA }, removeEntries: [email(BERT)] }),
      update(ANNA, 1, { metadata: { ...metadata, counterpart: BERT }, addEntries: [email(BERT)] }),
    );
    for (const [id, before, counterpart] of [
      [ANNA, anna, BERT],
      [BERT, bert, ANNA],
    ] as const) {
      const [present, ...former] = await allStates(repository, id);
      expectEqual(former, before, `the former states of ${id}`);
      expectEqual([present?.revision, present?.metadata], [2, { ...metadata, counterpart }], `the new state of ${id}`);
    }
  });

  clause('history/index', 'an index change leaves no trace', async ({ repository }) => {
    await keepAll(repository, creation(ANNA), creation(BERT));
    await keepAll(repository, update(ANNA, 1, { metadata: { operation: 'patch', actor: 'an actor' } }));
    const before = [await allStates(repository, ANNA), await allStates(repository, BERT)];
    await keepAll(repository, indexing(ANNA, 2, [city('Ulm')]), indexing(BERT, 1, [city('Ulm'), email(BERT)]));
    await keepAll(repository, indexing(ANNA, 2, []));
    await repository.dropEntries(TENANT, 'idCity', 10);
    expectEqual([await allStates(repository, ANNA), await allStates(repository, BERT)], before, 'the states');
  });

  clause('history/entries', 'an update that changes entries only is a state as any other', async ({ repository }) => {
    const { attributes, extensions, segment, metadata } = creation(ANNA);
    await keepAll(repository, creation(ANNA));
    const first = await presentState(repository, ANNA, metadata);
    await keepAll(repository, update(ANNA, 1, { attributes, extensions, segment, addEntries: [city('Ulm')] }));
    const [, ...former] = await allStates(repository, ANNA);
    expectEqual(former, [first], 'the former states');
  });

  clause('history/refused', 'a refused commit keeps nothing', async ({ repository }) => {
    await keepAll(repository, creation(ANNA), creation(BERT, { addEntries: [email(BERT)] }));
    await keepAll(repository, update(ANNA, 1), creation(CARL));
    const ids = [ANNA, BERT, CARL];
    const states = async () => Promise.all(ids.map((id) => allStates(repository, id)));
    const before = await states();
    const good = [update(ANNA, 2), deletion(CARL, 1)];
    for (const [bad, conflict] of [
      [update(BERT, 9), { outcome: 'revision_changed', revision: 1 }],
      [creation(BERT), { outcome: 'id_taken' }],
      [creation('dora', { addEntries: [email(BERT)] }), { outcome: 'entry_taken', key: 'idEmail' }],
    ] as const) {
      await expectConflict(repository, [...good, bad], { ...conflict, index: 2 }, HISTORY);
      expectEqual(await states(), before, `the states after ${conflict.outcome}`);
      await expectConflict(repository, [bad, ...good], { ...conflict, index: 0 }, HISTORY);
      expectEqual(await states(), before, `the states after ${conflict.outcome}`);
    }
    const moved = { outcome: 'schema_changed', schemaVersion: 1 } as const;
    await expectConflict(repository, [update(ANNA, 2, { schemaVersion: 2 })], moved, HISTORY);
    expectEqual(await states(), before, 'the states after schema_changed');
    await keepAll(repository, ...good);
    expectEqual(revisionsOf(await allStates(repository, ANNA)), [3, 2, 1], 'the revisions after the next commit');
  });

  clause('history/off', 'a commit without history keeps no state, and leaves those that are kept', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA), creation(BERT));
    await commitAll(repository, update(ANNA, 1), update(BERT, 1));
    expectEqual(revisionsOf(await allStates(repository, ANNA)), [2], 'the revisions without any history');
    const second = await allStates(repository, ANNA);
    await keepAll(repository, update(ANNA, 2));
    await commitAll(repository, update(ANNA, 3), update(BERT, 2));
    const [present, ...former] = await allStates(repository, ANNA);
    expectEqual(former, second, 'the former states');
    expectEqual(present?.revision, 4, 'the present revision');
    const metadata: StateMetadata = { operation: 'patch', actor: 'an actor' };
    await commitAll(repository, update(ANNA, 4, { metadata }));
    const unkept = await presentState(repository, ANNA, metadata);
    await keepAll(repository, update(ANNA, 5));
    expectEqual((await allStates(repository, ANNA)).slice(1), [unkept, ...second], 'the states kept since then');
    expectEqual(revisionsOf(await allStates(repository, BERT)), [3], 'the revisions of a profile without history');
  });

  clause('history/pages', 'pages of any limit have every state once', async ({ repository }) => {
    const count = 12;
    await keepAll(repository, creation(ANNA), creation(BERT));
    for (let revision = 1; revision < count; revision++) await keepAll(repository, update(ANNA, revision));
    // Numbers, not texts: as texts, 9 comes after 12.
    const all = Array.from({ length: count }, (_, index) => count - index);
    for (const limit of [1_000, count + 1, count, count - 1, 5, 1]) {
      const states = await allStates(repository, ANNA, { limit });
      expectEqual(revisionsOf(states), all, `the revisions in pages of ${limit}`);
    }
    for (const [before, expected] of [
      [1, []],
      [2, [1]],
      [10, [9, 8, 7]],
      [12, [11, 10, 9]],
      [99, [12, 11, 10]],
    ] as const) {
      const states = await allStates(repository, ANNA, { before, limit: 3, atMost: 3 });
      expectEqual(revisionsOf(states), expected, `the revisions before ${before}`);
    }
    const last = { schemaVersion: 1, states: [], more: false };
    expectEqual(await historyPage(repository, ANNA, { before: 1, limit: 3 }), last, 'the page before revision 1');
  });
};

/** The present state after a change, which is the profile or its deletion. */
async function stateMadeBy(
  repository: ProfileRepository,
  change: Exclude<Change, { kind: 'index' }>,
): Promise<StoredState> {
  const { customerId, at, metadata } = change;
  if (change.kind === 'delete') return { customerId, revision: change.expectedRevision + 1, at, metadata };
  return presentState(repository, customerId, metadata);
}

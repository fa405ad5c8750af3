import assert from 'node:assert';
import type { CommitResult, ProfileRepository, StateMetadata } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import {
  commit,
  commitAll,
  expectCommitted,
  expectConflict,
  expectEqual,
  expectHolders,
  expectMissing,
  expectOneWinner,
  keepAll,
  loadProfile,
} from '../expectations.js';
import {
  ANNA,
  BERT,
  city,
  creation,
  DELETED_AT,
  deletion,
  email,
  indexing,
  TENANT,
  update,
} from '../sample-changes.js';
import { allStates, presentState, revisionsOf } from '../states.js';
import { allPages, foundPages, idsOf, stateOf, walk } from '../tenant-state.js';

const HISTORY = { history: true };
const addEntries = [email(ANNA), city('Ulm')];
/** After every deletion. */
const LATER = '2024-03-03T07:00:00.000Z';
const again = (id: string) => creation(id, { at: LATER, attributes: { Name: 'again' }, extensions: {} });

/** Deletions that are kept, if history is declared: a state with a revision and without content. */
export const keptDeletionClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('deletions/state', 'a deletion is a state with the next revision and without content', async (context) => {
    const { repository, secondConnection } = context;
    const first = creation(ANNA, { addEntries });
    await keepAll(repository, first);
    const before = await presentState(repository, ANNA, first.metadata);
    const metadata: StateMetadata = { operation: 'delete', actor: 'remover', reason: 'a reason' };
    await keepAll(repository, deletion(ANNA, 1, { metadata, removeEntries: addEntries }));
    const deleted = { customerId: ANNA, revision: 2, at: DELETED_AT, metadata };
    expectEqual(await allStates(secondConnection, ANNA), [deleted, before], 'the states of the deleted profile');
  });

  clause('deletions/gone', 'every read passes over it, and it holds no entries', async ({ repository }) => {
    await keepAll(repository, creation(ANNA, { addEntries }), creation(BERT, { addEntries: [city('Ulm')] }));
    await keepAll(repository, deletion(ANNA, 1, { removeEntries: addEntries }));
    await expectMissing(repository, ANNA);
    const bare = await repository.load(TENANT, ANNA, { extensions: false });
    expectEqual(bare, { schemaVersion: 1 }, 'load without extensions');
    const { profiles, holders } = await stateOf(repository, TENANT, addEntries);
    expectEqual([idsOf(profiles), holders], [[BERT], [[], [BERT]]], 'the ids of page and find');
    await keepAll(repository, update(BERT, 1, { addEntries }));
    await expectHolders(repository, email(ANNA), [BERT]);
  });

  clause('deletions/pages', 'pages have as many profiles as without deletions', async ({ repository }) => {
    const ids = Array.from({ length: 40 }, (_, number) => `profile-${String(number).padStart(2, '0')}`);
    const entry = city('Ulm');
    await keepAll(repository, ...ids.map((id) => creation(id, { addEntries: [entry] })));
    // Longer runs of deletions than a page has profiles: at the beginning, in between and at the end.
    const left = ids.filter((_, number) => number >= 9 && number < 30 && number % 5 === 0);
    const deleted = ids.filter((id) => !left.includes(id));
    await keepAll(repository, ...deleted.map((id) => deletion(id, 1, { removeEntries: [entry] })));
    for (const limit of [1, 2, 3, 4, 5, 1_000]) {
      for (const [method, pages] of [
        ['page', allPages(repository, TENANT)],
        ['find', foundPages(repository, TENANT, entry)],
      ] as const) {
        expectEqual(idsOf(await walk(pages, limit)), left, `the ids of ${method} in pages of ${limit}`);
      }
    }
    const last = { profiles: [], more: false };
    expectEqual(
      await repository.page(TENANT, { after: left.at(-1), limit: 5 }),
      last,
      'the page after the last profile',
    );
  });

  clause('deletions/conflicts', 'every change but a creation is refused without a revision', async ({ repository }) => {
    await keepAll(repository, creation(ANNA, { addEntries }), creation(BERT));
    await keepAll(repository, deletion(ANNA, 1, { removeEntries: addEntries }));
    const states = await allStates(repository, ANNA);
    const missing = { outcome: 'revision_changed', index: 0 } as const;
    for (const revision of [1, 2, 3]) {
      for (const createdAt of [creation(ANNA).at, DELETED_AT]) {
        for (const change of [
          update(ANNA, revision, { createdAt }),
          deletion(ANNA, revision, { createdAt }),
          indexing(ANNA, revision, addEntries, { createdAt }),
        ]) {
          await expectConflict(repository, [change], missing, HISTORY);
          await expectConflict(repository, [update(BERT, 1), change], { ...missing, index: 1 }, HISTORY);
        }
      }
    }
    expectEqual(await allStates(repository, ANNA), states, 'the states after the refused changes');
    await expectHolders(repository, city('Ulm'), []);
  });

  clause('deletions/recreated', 'a creation goes on with the next revision', async ({ repository }) => {
    await keepAll(repository, creation(ANNA, { segment: 'gold', residual: { attributes: { Old: 1 } }, addEntries }));
    await keepAll(repository, update(ANNA, 1, { segment: 'gold', residual: { attributes: { Old: 1 } } }));
    await keepAll(repository, deletion(ANNA, 2, { removeEntries: addEntries }));
    const before = await allStates(repository, ANNA);
    await expectCommitted(repository, [creation(BERT), again(ANNA)], { ...HISTORY, revisions: [1, 4] });
    const { attributes, extensions } = again(ANNA);
    const times = { createdAt: LATER, updatedAt: LATER };
    expectEqual(
      await loadProfile(repository, ANNA),
      { customerId: ANNA, revision: 4, attributes, extensions, ...times },
      'the recreated profile',
    );
    await expectHolders(repository, city('Ulm'), []);
    const [present, ...former] = await allStates(repository, ANNA);
    expectEqual(former, before, 'the states of its predecessor');
    expectEqual(present, await presentState(repository, ANNA, again(ANNA).metadata), 'its own state');
    const moved = { outcome: 'revision_changed', index: 0, revision: 4 } as const;
    await expectConflict(repository, [update(ANNA, 4)], moved, HISTORY);
    await expectConflict(repository, [update(ANNA, 2)], moved, HISTORY);
    await expectConflict(repository, [again(ANNA)], { outcome: 'id_taken', index: 0 }, HISTORY);
    await keepAll(repository, update(ANNA, 4, { createdAt: LATER }));
    expectEqual(revisionsOf(await allStates(repository, ANNA)), [5, 4, 3, 2, 1], 'the revisions after an update');
  });

  clause('deletions/repeated', 'no revision of an id names two states', async ({ repository }) => {
    for (let time = 0; time < 6; time++) {
      const revision = 2 * time + 1;
      await expectCommitted(repository, [creation(ANNA, { addEntries })], { ...HISTORY, revisions: [revision] });
      await keepAll(repository, deletion(ANNA, revision, { removeEntries: addEntries }));
      const expected = Array.from({ length: revision + 1 }, (_, index) => revision + 1 - index);
      const states = await allStates(repository, ANNA);
      expectEqual(revisionsOf(states), expected, `the revisions after deletion ${time + 1}`);
      const present = states.map(({ profile }) => profile?.revision);
      expectEqual(
        present,
        expected.map((one) => (one % 2 === 1 ? one : undefined)),
        'the revisions with content',
      );
    }
  });

  clause('deletions/not-kept', 'without history a deletion leaves nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT));
    await commitAll(repository, update(ANNA, 1), deletion(BERT, 1));
    await commitAll(repository, deletion(ANNA, 2));
    for (const id of [ANNA, BERT]) {
      expectEqual(await allStates(repository, id), [], `the states of ${id}`);
      await commitAll(repository, creation(id));
      expectEqual((await loadProfile(repository, id)).revision, 1, `the revision of ${id}, recreated`);
    }
  });

  clause('deletions/kept-anyway', 'without history it is kept where former states are', async ({ repository }) => {
    await keepAll(repository, creation(ANNA), creation(BERT));
    await keepAll(repository, update(ANNA, 1));
    const [, first] = await allStates(repository, ANNA);
    await commitAll(repository, update(ANNA, 2));
    const metadata: StateMetadata = { operation: 'delete', reason: 'a reason' };
    await commitAll(repository, deletion(ANNA, 3, { metadata }), deletion(BERT, 1));
    const deleted = { customerId: ANNA, revision: 4, at: DELETED_AT, metadata };
    expectEqual(await allStates(repository, ANNA), [deleted, first], 'the states');
    await expectMissing(repository, ANNA);
    await expectCommitted(repository, [again(ANNA), creation(BERT)], { revisions: [5, 1] });
    const [present, ...former] = await allStates(repository, ANNA);
    expectEqual([present?.revision, former], [5, [first]], 'the states after a creation without history');
  });

  clause('deletions/one-creation', 'of racing creations under a deleted id, one wins', async (context) => {
    const { repository } = context;
    for (let round = 0; round < 5; round++) {
      const id = `profile-${round}`;
      await keepAll(repository, creation(id));
      await keepAll(repository, deletion(id, 1));
      const results = await race(context, 20, (connection, racer) =>
        commit(connection, [creation(id, { at: LATER, segment: `racer ${racer}` })], HISTORY),
      );
      expectOneWinner(results, { outcome: 'id_taken', index: 0 });
      const winner = results.findIndex((result) => result.outcome === 'committed');
      expectEqual(results[winner], { outcome: 'committed', revisions: [3] }, 'the result of the winner');
      const states = await allStates(repository, id);
      expectEqual(revisionsOf(states), [3, 2, 1], 'the revisions');
      expectEqual(states[0]?.profile?.segment, `racer ${winner}`, 'what the winner stored');
    }
  });

  clause('deletions/racing', 'a creation that races with the deletion comes before or after it', async (context) => {
    const { repository } = context;
    for (let round = 0; round < 10; round++) {
      const id = `profile-${round}`;
      await keepAll(repository, creation(id));
      const results = await race(context, 8, (connection, racer) =>
        commit(connection, racer === round % 8 ? [deletion(id, 1)] : [creation(id, { at: LATER })], HISTORY),
      );
      await expectSerial(repository, id, results, round % 8);
    }
  });
};

/** Fails unless the results and states are those of some order of one deletion and several creations. */
async function expectSerial(
  repository: ProfileRepository,
  id: string,
  results: readonly CommitResult[],
  deleter: number,
): Promise<void> {
  expectEqual(results[deleter], { outcome: 'committed', revisions: [2] }, 'the result of the deletion');
  const created = results.filter((result, racer) => racer !== deleter && result.outcome === 'committed');
  assert.ok(created.length <= 1, `${created.length} of the concurrent creations were committed`);
  for (const [racer, result] of results.entries()) {
    if (racer === deleter) continue;
    const isFirst = result.outcome === 'committed';
    const expected = isFirst ? { outcome: 'committed', revisions: [3] } : { outcome: 'id_taken', index: 0 };
    expectEqual(result, expected, 'the result of a creation');
  }
  const states = await allStates(repository, id);
  const content = states.map(({ revision, profile }) => [revision, profile?.createdAt]);
  const before = [
    [2, undefined],
    [1, creation(id).at],
  ];
  expectEqual(
    content,
    created.length === 0 ? before : [[3, LATER], ...before],
    'the revisions and creation timestamps',
  );
}

import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, race, yieldToEventLoop } from '../concurrency.js';
import {
  commitAll,
  expectCommitted,
  expectConflict,
  expectEqual,
  expectMissing,
  keepAll,
  loadProfile,
} from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, email, TENANT, update } from '../sample-changes.js';
import { allStates, pruneAll, pruneOnce, revisionsOf } from '../states.js';
import { stateOf } from '../tenant-state.js';
import { hostileCustomerIds } from './hostile-values.js';

/** The timestamp of the change that makes a revision, so that the state before it is replaced at that time. */
const timeOf = (revision: number) => `2024-03-${String(revision).padStart(2, '0')}T08:00:00.000Z`;

/** Removal of former states (H5), if history is declared. */
export const pruneClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('prune/keep', 'keeps the newest former states of each id, and the present one', async ({ repository }) => {
    await writeStates(repository, ANNA, 6);
    await writeStates(repository, BERT, 3);
    const [anna, bert] = [await allStates(repository, ANNA), await allStates(repository, BERT)];
    for (const [keep, removed] of [
      [6, 0],
      [5, 0],
      [3, 2],
      [2, 1],
      [2, 0],
      [1, 2],
      [0, 2],
      [0, 0],
    ] as const) {
      expectEqual(await pruneAll(repository, { keep }), removed, `the number of removed states with \`keep\` ${keep}`);
      expectEqual(await allStates(repository, ANNA), anna.slice(0, keep + 1), `the states of ${ANNA}, keeping ${keep}`);
      expectEqual(await allStates(repository, BERT), bert.slice(0, keep + 1), `the states of ${BERT}, keeping ${keep}`);
    }
  });

  clause('prune/replaced-before', 'removes states that were replaced before a timestamp', async ({ repository }) => {
    await writeStates(repository, ANNA, 6);
    await writeStates(repository, BERT, 3);
    const anna = await allStates(repository, ANNA);
    for (const [replacedBefore, left, removed] of [
      [timeOf(2), 6, 0],
      [timeOf(2).replace('000Z', '001Z'), 5, 2],
      [timeOf(4), 4, 2],
      [timeOf(6), 2, 2],
      ['9999-12-31T23:59:59.999Z', 1, 1],
    ] as const) {
      expectEqual(
        await pruneAll(repository, { replacedBefore }),
        removed,
        `the number removed before ${replacedBefore}`,
      );
      expectEqual(await allStates(repository, ANNA), anna.slice(0, left), `the states left at ${replacedBefore}`);
    }
    expectEqual(revisionsOf(await allStates(repository, BERT)), [3], `the revisions of ${BERT}`);
  });

  clause('prune/both', 'removes what either limit excludes', async ({ repository }) => {
    await writeStates(repository, ANNA, 6);
    const states = await allStates(repository, ANNA);
    const late = await pruneAll(repository, { keep: 3, replacedBefore: timeOf(2) });
    expectEqual([late, await allStates(repository, ANNA)], [2, states.slice(0, 4)], 'what `keep` alone excludes');
    const early = await pruneAll(repository, { keep: 9, replacedBefore: timeOf(5) });
    expectEqual([early, await allStates(repository, ANNA)], [1, states.slice(0, 3)], 'what the timestamp excludes');
    const neither = await pruneAll(repository, { keep: 2, replacedBefore: timeOf(5) });
    expectEqual([neither, await allStates(repository, ANNA)], [0, states.slice(0, 3)], 'what neither excludes');
  });

  clause('prune/profile', 'leaves profiles, entries and revisions as they are', async ({ repository }) => {
    const entries = [email(ANNA), city('Ulm')];
    await keepAll(repository, creation(ANNA, { segment: 'gold', addEntries: entries }), creation(BERT));
    await keepAll(repository, update(ANNA, 1, { segment: 'gold' }));
    const before = await stateOf(repository, TENANT, entries);
    expectEqual(await pruneAll(repository, { keep: 0 }), 1, 'the number of removed states');
    expectEqual(await stateOf(repository, TENANT, entries), before, 'the profiles and entries');
    await keepAll(repository, update(ANNA, 2));
    expectEqual(revisionsOf(await allStates(repository, ANNA)), [3, 2], 'the revisions after another update');
  });

  clause('prune/deletions', 'never removes a deletion under which no profile was created', async ({ repository }) => {
    await keepAll(repository, creation(ANNA));
    await keepAll(repository, deletion(ANNA, 1));
    const [deleted] = await allStates(repository, ANNA);
    expectEqual(await pruneAll(repository, { keep: 0 }), 1, 'the number of removed states');
    await pruneAll(repository, { replacedBefore: '9999-12-31T23:59:59.999Z' });
    expectEqual(await allStates(repository, ANNA), [deleted], 'the states of the deleted profile');
    await expectMissing(repository, ANNA);
    const moved = { outcome: 'revision_changed', index: 0 } as const;
    await expectConflict(repository, [update(ANNA, 2)], moved, { history: true });
    const again = creation(ANNA, { at: timeOf(9) });
    await expectCommitted(repository, [again], { history: true, revisions: [3] });
    expectEqual(revisionsOf(await allStates(repository, ANNA)), [3, 2], 'the revisions of the recreated profile');
    expectEqual(await pruneAll(repository, { keep: 0 }), 1, 'the number removed, which is the former deletion');
    expectEqual((await loadProfile(repository, ANNA)).revision, 3, 'the revision of the recreated profile');
  });

  clause('prune/batches', 'takes at most `limit` customer ids, and says where to go on', async ({ repository }) => {
    const ids = ['b', 'd', 'f', 'h', 'j'];
    for (const id of ids) await writeStates(repository, id, id === 'd' ? 6 : 3);
    // Ids without former states do not count.
    await commitAll(repository, ...['a', 'c', 'e', 'k'].map((id) => creation(id)));
    const left = async () => {
      const counts: number[] = [];
      for (const id of ids) counts.push((await allStates(repository, id)).length);
      return counts;
    };
    const none = await pruneOnce(repository, { keep: 9, limit: 2 });
    expectEqual(none, { removed: 0, next: 'd' }, 'the result of a batch without anything to remove');
    const first = await pruneOnce(repository, { keep: 1, limit: 2 });
    expectEqual(first, { removed: 5, next: 'd' }, 'the result of the first batch');
    expectEqual(await left(), [2, 2, 3, 3, 3], 'the number of states after the first batch');
    expectEqual(
      await pruneOnce(repository, { keep: 1, limit: 1, after: 'e' }),
      { removed: 1, next: 'f' },
      'the result of a batch after an id without former states',
    );
    expectEqual(await left(), [2, 2, 2, 3, 3], 'the number of states after the second batch');
    const last = await pruneOnce(repository, { keep: 1, limit: 2, after: 'f' });
    expectEqual(last, { removed: 2 }, 'the result of the last batch');
    expectEqual(
      await pruneOnce(repository, { keep: 1, limit: 9, after: 'j' }),
      { removed: 0 },
      'a batch after all ids',
    );
    expectEqual(await pruneAll(repository, { keep: 0 }, { limit: 2 }), 5, 'the number removed in batches of 2');
    expectEqual(await left(), [1, 1, 1, 1, 1], 'the number of states in the end');
  });

  clause('prune/order', 'every kind of id is reached in batches of one', async ({ repository }) => {
    await keepAll(repository, ...hostileCustomerIds.map((id) => creation(id)));
    await keepAll(repository, ...hostileCustomerIds.map((id) => update(id, 1)));
    const reached: string[] = [];
    for (let after: string | undefined; reached.length <= hostileCustomerIds.length; ) {
      const { removed, next } = await pruneOnce(repository, { keep: 0, after, limit: 1 });
      expectEqual(removed, 1, 'the number removed by a batch of one id');
      if (next === undefined) break;
      reached.push(next);
      after = next;
    }
    expectEqual(reached, [...hostileCustomerIds].sort().slice(0, -1), 'the ids in byte order');
    for (const id of hostileCustomerIds)
      expectEqual(revisionsOf(await allStates(repository, id)), [2], `those of ${id}`);
  });

  clause('prune/many', 'prunes a thousand ids in one batch', async ({ repository }) => {
    const ids = Array.from({ length: 1_001 }, (_, number) => `profile-${String(number).padStart(4, '0')}`);
    const small = { attributes: {}, extensions: {} };
    for (const begin of [0, 500, 1_000]) {
      const some = ids.slice(begin, begin + 500);
      await keepAll(repository, ...some.map((id) => creation(id, small)));
      await keepAll(repository, ...some.map((id) => update(id, 1, { attributes: {} })));
    }
    const batch = await pruneOnce(repository, { keep: 0, limit: 1_000 });
    expectEqual(batch, { removed: 1_000, next: ids[999] }, 'the result of the first batch');
    expectEqual(await pruneOnce(repository, { keep: 0, after: batch.next, limit: 1_000 }), { removed: 1 }, 'the rest');
  });

  clause('prune/racing', 'each state is counted by one of several concurrent callers', async (context) => {
    const ids = Array.from({ length: 12 }, (_, number) => `profile-${String(number).padStart(2, '0')}`);
    for (const id of ids) await writeStates(context.repository, id, 4);
    const removed = await race(context, 8, (connection, racer) =>
      racer % 4 < 2 ? pruneAll(connection, { keep: 0 }, { limit: 3 }) : pruneAll(connection, { keep: 1 }),
    );
    const total = removed.reduce((sum, one) => sum + one, 0);
    expectEqual(total, 36, 'the number of removed states, counted by all callers');
    for (const id of ids) {
      expectEqual(revisionsOf(await allStates(context.repository, id)), [4], `the revisions of ${id}`);
    }
  });

  clause('prune/writers', 'commits and prune run at the same time', async ({ repository, secondConnection }) => {
    const updates = 30;
    await keepAll(repository, creation(ANNA), creation(BERT));
    let writing = true;
    let removed = 0;
    const write = async () => {
      for (let revision = 1; revision <= updates; revision++) {
        await keepAll(repository, update(ANNA, revision, { attributes: { By: revision + 1 } }));
        if (revision % 4 === 0) await yieldToEventLoop();
      }
    };
    const prune = async () => {
      while (writing) {
        removed += await pruneAll(secondConnection, { keep: 2 });
        await yieldToEventLoop();
      }
    };
    await awaitAll([
      write().finally(() => {
        writing = false;
      }),
      prune(),
    ]);
    removed += await pruneAll(secondConnection, { keep: 2 });
    expectEqual(removed, updates - 2, 'the number of removed states');
    const states = await allStates(repository, ANNA);
    const content = states.map(({ revision, profile }) => [revision, profile?.attributes.By]);
    const newest = updates + 1;
    const expected = [newest, newest - 1, newest - 2].map((revision) => [revision, revision]);
    expectEqual(content, expected, 'the states that are left');
  });
};

/** Writes this many states of a profile. */
async function writeStates(repository: ProfileRepository, id: string, count: number): Promise<void> {
  await keepAll(repository, creation(id, { at: timeOf(1) }));
  for (let revision = 2; revision <= count; revision++) {
    await keepAll(repository, update(id, revision - 1, { createdAt: timeOf(1), at: timeOf(revision) }));
  }
}

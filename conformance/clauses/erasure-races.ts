import assert from 'node:assert';
import type { ErasureResult } from '../../src/storage/erasure.js';
import type { CommitResult, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { erase, erasureOf, lineageOf } from '../erasures.js';
import { commit, expectCommitted, expectEqual, expectHolders, expectMissing } from '../expectations.js';
import { city, creation, DELETED_AT, deletion, email, update } from '../sample-changes.js';
import { allStates } from '../states.js';

type Result = CommitResult | ErasureResult;

const ROUNDS = 6;
const RACERS = 8;

/** Erasure under concurrent callers, if the capability is declared. */
export const erasureRaceClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.erasure) return;
  const history = options.capabilities.history ?? false;
  const keeping = { history };

  clause('erasure/one-erasure', 'of racing erasures of one profile, one takes effect', async (context) => {
    const { repository } = context;
    for (let round = 0; round < ROUNDS; round++) {
      const id = `profile-${round}`;
      await expectCommitted(repository, [creation(id, { addEntries: [email(id)] })], keeping);
      const request = await erasureOf(repository, [id]);
      const results = await race(context, RACERS, (connection, racer) => {
        return erase(connection, { ...request, receipt: { ...request.receipt, erasure: `erasure-${round}-${racer}` } });
      });
      const winner = results.findIndex(({ outcome }) => outcome === 'erased');
      const removed = { profiles: 1, states: 0, entries: 1 };
      for (const [racer, result] of results.entries()) {
        const expected = racer === winner ? { outcome: 'erased', removed } : { outcome: 'changed' };
        expectEqual(result, expected, 'the result of erase');
      }
      const receipt = (await lineageOf(repository, id))?.receipt;
      expectEqual(receipt?.erasure, `erasure-${round}-${winner}`, 'the erasure that is kept');
    }
  });

  clause(
    'erasure/racing-changes',
    'a change comes before the erasure, which it refuses, or not at all',
    async (context) => {
      const { repository } = context;
      for (let round = 0; round < ROUNDS; round++) {
        const id = `profile-${round}`;
        await expectCommitted(repository, [creation(id)], keeping);
        const request = await erasureOf(repository, [id], { erasure: `erasure-${round}` });
        const change = update(id, 1, { addEntries: [email(id), city('Ulm')] });
        const [erased, ...changed] = await raceWith(context, round, (connection, isEraser) =>
          isEraser ? erase(connection, request) : commit(connection, [change], keeping),
        );
        const committed = changed.filter(({ outcome }) => outcome === 'committed');
        if (erased?.outcome === 'erased') {
          expectEqual(committed, [], 'the changes that were committed beside the erasure');
          await expectGone(repository, id, history);
        } else {
          expectEqual([erased, committed.length], [{ outcome: 'changed' }, 1], 'the results');
          await expectHolders(repository, email(id), [id]);
        }
      }
    },
  );

  if (!history) return;

  clause('erasure/racing-creations', 'no creation passes an erasure of a deleted id', async (context) => {
    const { repository } = context;
    for (let round = 0; round < ROUNDS; round++) {
      const id = `profile-${round}`;
      await expectCommitted(repository, [creation(id)], keeping);
      await expectCommitted(repository, [deletion(id, 1)], keeping);
      const request = await erasureOf(repository, [id], { erasure: `erasure-${round}` });
      const anew = creation(id, { at: DELETED_AT, addEntries: [email(id), city('Ulm')] });
      const [erased, ...created] = await raceWith(context, round, (connection, isEraser) =>
        isEraser ? erase(connection, request) : commit(connection, [anew], keeping),
      );
      const committed = created.filter(({ outcome }) => outcome === 'committed');
      if (erased?.outcome === 'erased') {
        const refused: CommitResult = { outcome: 'erased', index: 0 };
        for (const result of created) expectEqual(result, refused, 'the result of a creation beside the erasure');
        await expectGone(repository, id, history);
      } else {
        expectEqual([erased, committed.length], [{ outcome: 'changed' }, 1], 'the results');
      }
    }
  });
};

/** Races an erasure with other calls, each round from another place. @returns the result of the erasure, then the others */
async function raceWith(
  context: ClauseContext,
  round: number,
  act: (connection: ProfileRepository, isEraser: boolean) => Promise<Result>,
): Promise<Result[]> {
  const eraser = round % RACERS;
  const results = await race(context, RACERS, (connection, racer) => act(connection, racer === eraser));
  return [...results.splice(eraser, 1), ...results];
}

/** Fails if anything is left of an erased id that was created once, and not erased again. */
async function expectGone(repository: ProfileRepository, id: string, history: boolean): Promise<void> {
  await expectMissing(repository, id);
  for (const entry of [email(id), city('Ulm')]) {
    const { profiles } = await repository.find('1', entry, { limit: 10, extensions: false });
    assert.ok(!profiles.some(({ customerId }) => customerId === id), `the erased id ${id} holds an entry`);
  }
  if (history) expectEqual((await allStates(repository, id)).length, 1, `the number of states of ${id}`);
}

import type { Change, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, committed, expectEqual, keepAll } from '../expectations.js';
import { ANNA, BERT, creation, deletion, TENANT, update } from '../sample-changes.js';
import { allStates, historyPage, pruneOnce } from '../states.js';
import { mutateDeep } from './mutate-deep.js';

const metadata = { operation: 'merge', actor: 'an actor', reason: 'a reason' } as const;

/** Changes of Anna, each of which succeeds after the one before. */
const CHANGES: readonly (() => Change)[] = [
  () => creation(ANNA, { metadata }),
  () => update(ANNA, 1, { metadata, residual: { attributes: { Old: ['a'] } } }),
  () => update(ANNA, 2, { metadata, extensions: { Log: [{ Text: 'a' }] } }),
  () => deletion(ANNA, 3, { metadata }),
];

type Call = (repository: ProfileRepository) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  history: (repository) => historyPage(repository, ANNA, { limit: 10 }),
  'history of a deleted profile': (repository) => historyPage(repository, BERT, { limit: 10 }),
  'history of an unknown id': (repository) => historyPage(repository, 'nobody', { limit: 10 }),
  'history of an unknown tenant': (repository) => historyPage(repository, ANNA, { limit: 10 }, '3'),
  prune: (repository) => pruneOnce(repository, { keep: 9, limit: 1 }),
};

/** What is passed and returned belongs to the caller, if history is declared. */
export const historyAliasingClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('history/aliasing', 'mutating a committed change affects no state', async ({ repository }) => {
    const passed: Change[] = [];
    for (const make of CHANGES) {
      const change = make();
      await keepAll(repository, change);
      const before = structuredClone(await allStates(repository, ANNA));
      passed.push(change);
      mutateDeep(passed);
      expectEqual(await allStates(repository, ANNA), before, `the states after the ${change.kind} change was mutated`);
    }
  });

  clause('history/aliasing', 'what is mutated during a commit counts as it was passed', async ({ repository }) => {
    const expected = await statesWithoutMutation(repository);
    for (const make of CHANGES) {
      const changes = [make()];
      const keeping = { history: true };
      const committing = repository.commit(TENANT, changes, keeping);
      mutateDeep(changes);
      keeping.history = false;
      expectEqual(await committing, committed(make()), 'the result of commit');
    }
    const states = await allStates(repository, ANNA);
    expectEqual(states, JSON.parse(JSON.stringify(expected).replaceAll(BERT, ANNA)), 'the states afterwards');
    await keepAll(repository, creation('dora'));
    const notKeeping = { history: false };
    const committing = repository.commit(TENANT, [update('dora', 1)], notKeeping);
    notKeeping.history = true;
    await committing;
    expectEqual((await allStates(repository, 'dora')).length, 1, 'the number of states after a commit without history');
  });

  clause('history/aliasing', 'requests are not mutated, and count as they were passed', async ({ repository }) => {
    await keepAll(repository, creation(ANNA), creation(BERT));
    for (const revision of [1, 2, 3]) await keepAll(repository, update(ANNA, revision), update(BERT, revision));
    await historyPage(repository, ANNA, Object.freeze({ limit: 10 }));
    await pruneOnce(repository, Object.freeze({ keep: 9, limit: 10 }));
    const request = { before: 3, limit: 10 };
    const expected = structuredClone(await historyPage(repository, ANNA, request));
    const reading = historyPage(repository, ANNA, request);
    Object.assign(request, { before: 2, limit: 1 });
    expectEqual(await reading, expected, 'the result of history');
    const limits = { keep: 2, limit: 1 };
    const pruning = pruneOnce(repository, limits);
    Object.assign(limits, { keep: 0, limit: 10, after: ANNA });
    expectEqual(await pruning, { removed: 1, next: ANNA }, 'the result of prune');
  });

  for (const [name, call] of Object.entries(CALLS)) {
    clause('history/aliasing', `mutating the result of ${name} has no effect`, async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { metadata }), creation(BERT));
      await keepAll(repository, update(ANNA, 1, { metadata, residual: { attributes: { Old: ['a'] } } }));
      await keepAll(repository, update(ANNA, 2), deletion(BERT, 1, { metadata }));
      const [before, states] = structuredClone([await call(repository), await allStates(repository, ANNA)]);
      mutateDeep(await call(repository));
      expectEqual(await call(repository), before, 'the result of the same call afterwards');
      expectEqual(await allStates(repository, ANNA), states, 'the states afterwards');
    });
  }
};

/** The states of Bert after the same changes, without any mutation. */
async function statesWithoutMutation(repository: ProfileRepository) {
  for (const make of CHANGES) {
    const text = JSON.stringify(make()).replaceAll(ANNA, BERT);
    await keepAll(repository, JSON.parse(text));
  }
  return allStates(repository, BERT);
}

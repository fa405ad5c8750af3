import type { ClauseGroup } from '../clause.js';
import { expectConflict, expectEqual, keepAll } from '../expectations.js';
import { ANNA, creation, deletion, largeCreation, update } from '../sample-changes.js';
import { allStates, revisionsOf } from '../states.js';

const HISTORY = { history: true };

/** Histories, states and commits that are large, if the capability is declared. */
export const historySizeClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('history/many', 'hundreds of states are all kept, and read in pages', async ({ repository }) => {
    const count = 261;
    await keepAll(repository, creation(ANNA, { attributes: { Revision: 1 } }));
    for (let revision = 2; revision <= count; revision++) {
      await keepAll(repository, update(ANNA, revision - 1, { attributes: { Revision: revision } }));
    }
    const all = Array.from({ length: count }, (_, index) => count - index);
    for (const limit of [1_000, 100]) {
      const states = await allStates(repository, ANNA, { limit });
      expectEqual(revisionsOf(states), all, `the revisions in pages of ${limit}`);
      const contents = states.map(({ profile }) => profile?.attributes.Revision);
      expectEqual(contents, all, `the contents in pages of ${limit}`);
    }
  });

  clause('history/large', 'returns every state of a history that is too large for one answer', async (context) => {
    const { repository, secondConnection } = context;
    const texts = Array.from('abcdefghi');
    const documentsOf = (text: string) => {
      const { attributes, extensions } = largeCreation(text);
      return { attributes, extensions };
    };
    await keepAll(repository, creation(ANNA, documentsOf('a')));
    for (const [index, text] of texts.slice(1).entries()) {
      await keepAll(repository, update(ANNA, index + 1, documentsOf(text)));
    }
    const states = await allStates(secondConnection, ANNA);
    expectEqual(revisionsOf(states), [9, 8, 7, 6, 5, 4, 3, 2, 1], 'the revisions');
    for (const [index, text] of texts.toReversed().entries()) {
      const { attributes, extensions } = states[index]?.profile ?? {};
      expectEqual({ attributes, extensions }, documentsOf(text), `the documents of revision ${9 - index}`);
    }
  });

  clause('history/largest', 'a commit of a thousand changes keeps all states, or none', async ({ repository }) => {
    const ids = Array.from({ length: 1_000 }, (_, number) => `profile-${String(number).padStart(3, '0')}`);
    const small = { attributes: {}, extensions: {} };
    await keepAll(repository, ...ids.map((id) => creation(id, { ...small, segment: id })));
    const changes = ids.map((id, number) => (number % 2 === 0 ? update(id, 1) : deletion(id, 1)));
    const samples = ids.filter((_, number) => number % 99 < 2);
    const refused = { outcome: 'revision_changed', index: 999, revision: 1 } as const;
    await expectConflict(repository, changes.with(999, update('profile-999', 7)), refused, HISTORY);
    for (const id of samples) expectEqual(revisionsOf(await allStates(repository, id)), [1], `the revisions of ${id}`);
    await keepAll(repository, ...changes);
    for (const id of samples) {
      const states = await allStates(repository, id);
      expectEqual(revisionsOf(states), [2, 1], `the revisions of ${id}`);
      expectEqual(states[1]?.profile?.segment, id, `the segment of the former state of ${id}`);
    }
  });
};

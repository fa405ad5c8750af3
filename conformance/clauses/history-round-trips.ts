import type { StateMetadata } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectCommitted, expectEqual, keepAll } from '../expectations.js';
import { ANNA, BERT, creation, deletion, update } from '../sample-changes.js';
import { allStates, presentState, revisionsOf } from '../states.js';
import { hostileDocuments } from './hostile-documents.js';
import { hostileCustomerIds, hostileTexts, segments, times } from './hostile-values.js';

/** Actors and reasons have none. */
const CONTROL = /\p{Cc}/u;
const actors = [
  ...hostileTexts.filter((text) => text !== '' && !CONTROL.test(text) && Array.from(text).length <= 256),
  'x'.repeat(256),
  '😀'.repeat(256),
  'null',
  'undefined',
  '0',
];

/** Former states and metadata are returned exactly as stored, if the capability is declared. */
export const historyRoundTripClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  for (const [special, make] of Object.entries(hostileDocuments)) {
    clause(
      'history/documents',
      `${special} are returned as a former state`,
      async ({ repository, secondConnection }) => {
        const documents = make();
        const first = creation(ANNA, documents);
        await keepAll(repository, first);
        await keepAll(repository, update(ANNA, 1, { residual: make() }));
        // Emptied, so that neither state can be read from the present one.
        await keepAll(repository, update(ANNA, 2, { attributes: {}, extensions: {} }));
        const states = await allStates(secondConnection, ANNA);
        const former = states.slice(1).map(({ profile }) => profile);
        expectEqual(former[1]?.attributes, documents.attributes, 'the attributes of the first state');
        expectEqual(former[1]?.extensions, documents.extensions, 'the extensions of the first state');
        expectEqual(former[0]?.extensions, documents.extensions, 'the extensions of the second state, which kept them');
        expectEqual(former[0]?.residual, documents, 'the residual values of the second state');
      },
    );
  }

  clause('history/texts', 'actors, reasons and segments are any text', async ({ repository, secondConnection }) => {
    const given = actors.map(
      (text, index): StateMetadata => ({
        operation: 'patch',
        actor: text,
        reason: actors[actors.length - index - 1] ?? text,
      }),
    );
    await keepAll(repository, creation(ANNA));
    for (const [index, metadata] of given.entries()) {
      await keepAll(repository, update(ANNA, index + 1, { metadata, segment: segments[index % segments.length] }));
    }
    await keepAll(repository, update(ANNA, given.length + 1));
    const states = (await allStates(secondConnection, ANNA)).slice(1, -1).reverse();
    for (const [index, metadata] of given.entries()) {
      expectEqual(states[index]?.metadata, metadata, `the metadata of revision ${index + 2}`);
      const segment = segments[index % segments.length];
      expectEqual(states[index]?.profile?.segment, segment, `the segment of revision ${index + 2}`);
    }
    // The same in the metadata of deletions.
    for (const [index, metadata] of given.entries()) {
      const id = `profile-${index}`;
      await keepAll(repository, creation(id));
      await keepAll(repository, deletion(id, 1, { metadata }));
      const [present] = await allStates(secondConnection, id);
      expectEqual(present?.metadata, metadata, `the metadata of the deletion of ${id}`);
    }
  });

  clause('history/operations', 'an operation is any text of 1 to 32 characters', async ({ repository }) => {
    const operations = ['x', 'X', 'constructor', '__proto__', 'null', 'a:b c', '~'.repeat(32)];
    const given = operations.map((operation) => ({ operation }) as unknown as StateMetadata);
    for (const [index, metadata] of given.entries()) {
      await keepAll(repository, index === 0 ? creation(ANNA, { metadata }) : update(ANNA, index, { metadata }));
    }
    const states = await allStates(repository, ANNA);
    expectEqual(
      states.map(({ metadata }) => metadata),
      given.toReversed(),
      'the metadata, newest first',
    );
  });

  clause('history/timestamps', 'timestamps of states are stored as text', async ({ repository, secondConnection }) => {
    const [first = ''] = times;
    await keepAll(repository, creation(ANNA, { at: first }));
    for (const [index, at] of times.slice(1).entries()) {
      await keepAll(repository, update(ANNA, index + 1, { createdAt: first, at }));
    }
    const at = '2024-03-02T16:45:00.123456789Z';
    await keepAll(repository, deletion(ANNA, times.length, { createdAt: first, at }));
    const states = await allStates(secondConnection, ANNA);
    expectEqual(
      states.map((state) => state.at),
      [at, ...times.toReversed()],
      'the timestamps of the states, newest first',
    );
    const stored = states.slice(1).map(({ profile }) => [profile?.createdAt, profile?.updatedAt]);
    const expected = times.toReversed().map((updatedAt) => [first, updatedAt]);
    expectEqual(stored, expected, 'the timestamps of the profiles, newest first');
  });

  clause('history/ids', 'customer ids of states are compared byte for byte', async ({ repository }) => {
    const ids = [...hostileCustomerIds];
    await keepAll(repository, ...ids.map((id) => creation(id, { attributes: { Id: id } })));
    for (const [index, id] of ids.entries()) {
      await keepAll(repository, index % 2 === 0 ? update(id, 1) : deletion(id, 1));
      const states = await allStates(repository, id);
      expectEqual(revisionsOf(states), [2, 1], `the revisions of ${id}`);
      expectEqual(states[1]?.profile?.attributes, { Id: id }, `the former attributes of ${id}`);
    }
    for (const id of ids) expectEqual(revisionsOf(await allStates(repository, id)), [2, 1], `the revisions of ${id}`);
    for (const [index, id] of ids.entries()) {
      if (index % 2 === 0) continue;
      await expectCommitted(repository, [creation(id)], { history: true, revisions: [3] });
    }
  });

  clause('history/undefined', 'an undefined member of the metadata equals an absent one', async ({ repository }) => {
    const metadata: StateMetadata = { operation: 'patch', actor: undefined, reason: undefined, counterpart: undefined };
    await commitAll(repository, creation(ANNA, { metadata }), creation(BERT));
    await keepAll(repository, update(ANNA, 1), update(BERT, 1, { metadata }));
    expectEqual((await allStates(repository, ANNA))[1]?.metadata, { operation: 'patch' }, 'the former metadata');
    expectEqual(
      await allStates(repository, BERT).then(([present]) => present),
      await presentState(repository, BERT, { operation: 'patch' }),
      'the present state',
    );
  });
};

import assert from 'node:assert';
import type { ProfileRepository, StateMetadata } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race, readWhileWriting, yieldToEventLoop } from '../concurrency.js';
import { commit, commitSchemaVersion, expectEqual, expectOneWinner, keepAll, loadProfile } from '../expectations.js';
import { ANNA, creation, update } from '../sample-changes.js';
import { allStates, historyPage, revisionsOf } from '../states.js';

const HISTORY = { history: true };
const VERSIONS = 15;
const READERS = 4;

/** Content and metadata that tell the revision for which they were written. */
const writtenBy = (revision: number) => ({
  attributes: { By: revision },
  extensions: { Log: [{ By: revision }] },
  metadata: { operation: 'replace', actor: `writer of ${revision}` } satisfies StateMetadata,
});

/** Former states under concurrent callers, if the capability is declared. */
export const historyRaceClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.history) return;

  clause('history/compare-and-set', 'of concurrent updates of one revision, one keeps a state', async (context) => {
    const { repository } = context;
    await keepAll(repository, creation(ANNA));
    const before = await allStates(repository, ANNA);
    const results = await race(context, 20, (connection, racer) =>
      commit(connection, [update(ANNA, 1, { metadata: { operation: 'patch', actor: `racer ${racer}` } })], HISTORY),
    );
    expectOneWinner(results, { outcome: 'revision_changed', index: 0, revision: 2 });
    const winner = results.findIndex((result) => result.outcome === 'committed');
    const [present, ...former] = await allStates(repository, ANNA);
    expectEqual(former, before, 'the former states');
    expectEqual(present?.metadata?.actor, `racer ${winner}`, 'the actor of the present state');
  });

  clause('history/compare-and-set', 'concurrent increments with retries each keep a state', async (context) => {
    await keepAll(context.repository, creation(ANNA, writtenBy(1)));
    await race(context, 8, async (connection) => {
      for (let attempt = 0; attempt < 1000; attempt++) {
        const { revision } = await loadProfile(connection, ANNA);
        const next = update(ANNA, revision, writtenBy(revision + 1));
        if ((await commit(connection, [next], HISTORY)).outcome === 'committed') return;
      }
      assert.fail('a call lost the race a thousand times');
    });
    expectEqual(await readWhole(context.repository), 9, 'the number of states after 8 increments');
  });

  clause('history/snapshot', 'the present state and the former ones are read together', async (context) => {
    const { repository } = context;
    await keepAll(repository, creation(ANNA, writtenBy(1)));
    let acknowledged = 1;
    await readWhileWriting(
      context,
      READERS,
      async () => {
        for (let revision = 2; revision <= VERSIONS; revision++) {
          await keepAll(repository, update(ANNA, revision - 1, writtenBy(revision)));
          acknowledged = revision;
          if (revision % 3 === 0) await yieldToEventLoop();
        }
      },
      async (connection) => {
        const atLeast = acknowledged;
        const newest = await readWhole(connection);
        assert.ok(newest >= atLeast, `read revision ${newest} after revision ${atLeast} had been acknowledged`);
      },
    );
  });

  clause('history/snapshot', 'the schema version is read together with the states', async (context) => {
    const { repository } = context;
    await keepAll(repository, creation(ANNA, writtenBy(1)));
    await readWhileWriting(
      context,
      READERS,
      async () => {
        for (let version = 2; version <= VERSIONS; version++) {
          await commitSchemaVersion(repository, version);
          await keepAll(repository, update(ANNA, version - 1, { ...writtenBy(version), schemaVersion: version }));
        }
      },
      async (connection) => {
        const { schemaVersion, states } = await historyPage(connection, ANNA, { limit: 1 });
        const revision = states[0]?.revision ?? 0;
        // Each schema change is followed by one update.
        const isPossible = schemaVersion === revision || schemaVersion === revision + 1;
        assert.ok(isPossible, `schema version ${schemaVersion} was read with revision ${revision}`);
      },
    );
  });

  clause('history/read-your-writes', 'sees every acknowledged commit, on any connection', async (context) => {
    const { repository, secondConnection } = context;
    await keepAll(repository, creation(ANNA, writtenBy(1)));
    for (let revision = 2; revision <= 6; revision++) {
      const [writer, reader] = revision % 2 === 0 ? [repository, secondConnection] : [secondConnection, repository];
      await readWhole(reader);
      await keepAll(writer, update(ANNA, revision - 1, writtenBy(revision)));
      for (const connection of [reader, writer]) {
        expectEqual(await readWhole(connection), revision, 'the newest revision read after the commit');
      }
    }
  });
};

/** Reads all states at once, each of which was written for its revision, and returns the newest revision. */
async function readWhole(repository: ProfileRepository): Promise<number> {
  const { states } = await historyPage(repository, ANNA, { limit: 1_000 });
  const newest = states[0]?.revision ?? 0;
  const expected = Array.from({ length: newest }, (_, index) => newest - index);
  expectEqual(revisionsOf(states), expected, 'the revisions of all states');
  for (const { revision, metadata, profile } of states) {
    const { attributes, extensions, revision: own } = profile ?? {};
    const content = { own, attributes, extensions, metadata };
    expectEqual(content, { own: revision, ...writtenBy(revision) }, `the state of revision ${revision}`);
  }
  return newest;
}

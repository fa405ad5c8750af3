import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import {
  commit,
  commitAll,
  committed,
  expectEqual,
  expectHolders,
  expectOneWinner,
  loadProfile,
} from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { stateOf } from '../tenant-state.js';

const RACERS = 20;

/** Of concurrent commits that exclude each other, exactly one succeeds. */
export const compareAndSetClauses: ClauseGroup = (clause) => {
  clause(
    'commit/compare-and-set',
    `exactly one of ${RACERS} concurrent updates of one revision wins`,
    async (context) => {
      const { repository } = context;
      await commitAll(repository, creation(ANNA));
      const results = await race(context, RACERS, (connection, racer) =>
        commit(connection, [
          update(ANNA, 1, { attributes: { Racer: racer }, extensions: { Log: [{ Racer: racer }] } }),
        ]),
      );
      expectOneWinner(results, { outcome: 'revision_changed', index: 0, revision: 2 });
      const racer = results.findIndex((result) => result.outcome === 'committed');
      const { revision, attributes, extensions } = await loadProfile(repository, ANNA);
      const expected = { revision: 2, attributes: { Racer: racer }, extensions: { Log: [{ Racer: racer }] } };
      expectEqual({ revision, attributes, extensions }, expected, 'what the winner stored');
    },
  );

  clause('commit/compare-and-set', 'concurrent increments with retries are all counted', async (context) => {
    await commitAll(context.repository, creation(ANNA, { attributes: { Count: 0 } }));
    await race(context, 8, async (connection) => {
      for (let attempt = 0; attempt < 1000; attempt++) {
        const { revision, attributes } = await loadProfile(connection, ANNA);
        const next = update(ANNA, revision, { attributes: { Count: Number(attributes.Count) + 1 } });
        if ((await commit(connection, [next])).outcome === 'committed') return;
      }
      assert.fail('a call lost the race a thousand times');
    });
    const { revision, attributes } = await loadProfile(context.repository, ANNA);
    expectEqual({ revision, attributes }, { revision: 9, attributes: { Count: 8 } }, 'the profile after 8 increments');
  });

  clause(
    'commit/compare-and-set',
    'exactly one of concurrent updates and deletions of one revision wins',
    async (context) => {
      const { repository } = context;
      await commitAll(repository, creation(ANNA));
      const results = await race(context, RACERS, (connection, racer) =>
        commit(connection, [racer % 4 < 2 ? update(ANNA, 1) : deletion(ANNA, 1)]),
      );
      const { profile } = await repository.load(TENANT, ANNA, { extensions: false });
      expectOneWinner(results, { outcome: 'revision_changed', index: 0, revision: profile?.revision });
      const winner = results.findIndex((result) => result.outcome === 'committed');
      expectEqual(profile?.revision, winner % 4 < 2 ? 2 : undefined, 'the revision after the winning change');
    },
  );

  clause('commit/same-id', `exactly one of ${RACERS} concurrent creations of one id wins`, async (context) => {
    const results = await race(context, RACERS, (connection, racer) =>
      commit(connection, [creation(ANNA, { attributes: { Racer: racer }, addEntries: [email(`racer ${racer}`)] })]),
    );
    expectOneWinner(results, { outcome: 'id_taken', index: 0 });
    const winner = results.findIndex((result) => result.outcome === 'committed');
    expectEqual((await loadProfile(context.repository, ANNA)).attributes, { Racer: winner }, 'what the winner stored');
    for (const racer of results.keys()) {
      await expectHolders(context.repository, email(`racer ${racer}`), racer === winner ? [ANNA] : []);
    }
  });

  clause(
    'commit/same-unique-entry',
    `exactly one of ${RACERS} concurrent commits that add one unique entry wins`,
    async (context) => {
      const { repository } = context;
      const idOf = (racer: number) => `racer-${racer}`;
      const contested = email('contested');
      await commitAll(repository, ...Array.from({ length: RACERS / 2 }, (_, racer) => creation(idOf(racer))));
      const results = await race(context, RACERS, (connection, racer) => {
        if (racer >= RACERS / 2) return commit(connection, [creation(idOf(racer), { addEntries: [contested] })]);
        if (racer % 4 < 2) return commit(connection, [update(idOf(racer), 1, { addEntries: [contested] })]);
        return commit(connection, [indexing(idOf(racer), 1, [contested])]);
      });
      expectOneWinner(results, { outcome: 'entry_taken', index: 0, key: 'idEmail' });
      const winner = results.findIndex((result) => result.outcome === 'committed');
      await expectHolders(repository, contested, [idOf(winner)]);
      const { profiles } = await stateOf(repository, TENANT);
      expectEqual(profiles.length, RACERS / 2 + (winner < RACERS / 2 ? 0 : 1), 'the number of profiles');
    },
  );

  clause(
    'commit/same-unique-entry',
    'a unique entry that its holder releases goes to at most one profile',
    async (context) => {
      const { repository } = context;
      const idOf = (racer: number) => `racer-${racer}`;
      const contested = email('contested');
      await commitAll(repository, ...Array.from({ length: RACERS }, (_, racer) => creation(idOf(racer))));
      for (let round = 1; round <= 3; round++) {
        await commitAll(repository, creation(ANNA, { addEntries: [contested] }));
        const results = await race(context, RACERS, (connection, racer) => {
          if (racer === 3) return commit(connection, [deletion(ANNA, 1, { removeEntries: [contested] })]);
          return commit(connection, [indexing(idOf(racer), 1, [contested])]);
        });
        const winners = results.flatMap((result, racer) =>
          racer !== 3 && result.outcome === 'committed' ? [racer] : [],
        );
        const losers = results.filter((_, racer) => racer !== 3 && !winners.includes(racer));
        for (const loser of losers) {
          expectEqual(
            loser,
            { outcome: 'entry_taken', index: 0, key: 'idEmail' },
            'the result of a call that lost the race',
          );
        }
        assert.ok(winners.length <= 1, `${winners.length} of the concurrent calls that add the entry were committed`);
        await expectHolders(repository, contested, winners.map(idOf));
        await repository.dropEntries(TENANT, contested.key, 10);
      }
    },
  );

  clause(
    'commit/stale-index-change',
    'an index change adds nothing to a profile that has changed meanwhile',
    async (context) => {
      const { repository } = context;
      const entries = Array.from({ length: 12 }, (_, racer) => (racer % 2 === 0 ? city : email)(`racer ${racer}`));
      for (let round = 0; round < entries.length; round++) {
        const kind = round % 2 === 0 ? 'delete' : 'update';
        const id = `profile-${round}`;
        await commitAll(repository, creation(id));
        const results = await race(context, entries.length, (connection, racer) => {
          if (racer !== round) return commit(connection, [indexing(id, 1, entries.slice(racer, racer + 1))]);
          const removeEntries = entries;
          return commit(connection, [
            kind === 'delete' ? deletion(id, 1, { removeEntries }) : update(id, 1, { removeEntries }),
          ]);
        });
        expectEqual(results[round], committed(deletion(id, 1)), `the result of the ${kind}`);
        const moved = { outcome: 'revision_changed', index: 0, ...(kind === 'update' && { revision: 2 }) };
        for (const result of results) {
          if (result.outcome !== 'committed') expectEqual(result, moved, 'the result of a stale index change');
        }
        // A leftover entry of a deleted profile would only show up once the id is reused.
        if (kind === 'delete') await commitAll(repository, creation(id));
        for (const entry of entries) await expectHolders(repository, entry, []);
      }
    },
  );

  clause('commit/deadlock', 'concurrent commits of the same profiles in opposite order all return', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA), creation(BERT));
    for (let revision = 1; revision <= 5; revision++) {
      const results = await race(context, 8, (connection, racer) => {
        const changes = [update(ANNA, revision), update(BERT, revision)];
        return commit(connection, racer % 4 < 2 ? changes : changes.reverse());
      });
      expectOneWinner(results, { outcome: 'revision_changed', index: 0, revision: revision + 1 });
      const revisions = [
        (await loadProfile(repository, ANNA)).revision,
        (await loadProfile(repository, BERT)).revision,
      ];
      expectEqual(revisions, [revision + 1, revision + 1], 'the revisions after the race');
    }
  });
};

import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectOneWinner, expectSame, loadProfile } from '../expectations.js';
import { race } from '../racing.js';
import { ANNA, BERT, city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

const RACERS = 20;

/** Of racing commits that cannot all take place, exactly one does. */
export const compareAndSetClauses: ClauseGroup = (clause) => {
  clause('commit/compare-and-set', `of ${RACERS} updates of one revision exactly one wins`, async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA));
    const results = await race(context, RACERS, (connection, racer) =>
      connection.commit([update(ANNA, 1, { attributes: { Racer: racer }, extensions: { Log: [{ Racer: racer }] } })]),
    );
    expectOneWinner(results, { outcome: 'revision_moved', index: 0, revision: 2 });
    const racer = results.findIndex((result) => result.outcome === 'committed');
    const { revision, attributes, extensions } = await loadProfile(repository, ANNA);
    const expected = { revision: 2, attributes: { Racer: racer }, extensions: { Log: [{ Racer: racer }] } };
    expectSame({ revision, attributes, extensions }, expected, 'what the winner stored');
  });

  clause('commit/compare-and-set', 'racers that try again until they win all count', async (context) => {
    await commitAll(context.repository, creation(ANNA, { attributes: { Count: 0 } }));
    await race(context, 8, async (connection) => {
      for (let attempt = 0; attempt < 1000; attempt++) {
        const { revision, attributes } = await loadProfile(connection, ANNA);
        const next = update(ANNA, revision, { attributes: { Count: Number(attributes.Count) + 1 } });
        if ((await connection.commit([next])).outcome === 'committed') return;
      }
      assert.fail('a racer lost a thousand times');
    });
    const { revision, attributes } = await loadProfile(context.repository, ANNA);
    expectSame({ revision, attributes }, { revision: 9, attributes: { Count: 8 } }, 'the profile after 8 increments');
  });

  clause('commit/compare-and-set', 'of updates and deletions of one revision exactly one wins', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA));
    const results = await race(context, RACERS, (connection, racer) =>
      connection.commit([racer % 4 < 2 ? update(ANNA, 1) : deletion(ANNA, 1)]),
    );
    const { profile } = await repository.load(TENANT, ANNA, { extensions: false });
    expectOneWinner(results, { outcome: 'revision_moved', index: 0, revision: profile?.revision });
    const winner = results.findIndex((result) => result.outcome === 'committed');
    expectSame(profile?.revision, winner % 4 < 2 ? 2 : undefined, 'the revision, by the winner');
  });

  clause('commit/one-id', `of ${RACERS} creations of one id exactly one wins`, async (context) => {
    const results = await race(context, RACERS, (connection, racer) =>
      connection.commit([creation(ANNA, { attributes: { Racer: racer }, addEntries: [email(`racer ${racer}`)] })]),
    );
    expectOneWinner(results, { outcome: 'id_taken', index: 0 });
    const winner = results.findIndex((result) => result.outcome === 'committed');
    expectSame((await loadProfile(context.repository, ANNA)).attributes, { Racer: winner }, 'what the winner stored');
    for (const racer of results.keys()) {
      await expectHolders(context.repository, email(`racer ${racer}`), racer === winner ? [ANNA] : []);
    }
  });

  clause('commit/one-entry', `of ${RACERS} profiles that add one unique entry exactly one wins`, async (context) => {
    const { repository } = context;
    const idOf = (racer: number) => `racer-${racer}`;
    const contested = email('contested');
    await commitAll(repository, ...Array.from({ length: RACERS / 2 }, (_, racer) => creation(idOf(racer))));
    const results = await race(context, RACERS, (connection, racer) => {
      if (racer >= RACERS / 2) return connection.commit([creation(idOf(racer), { addEntries: [contested] })]);
      if (racer % 4 < 2) return connection.commit([update(idOf(racer), 1, { addEntries: [contested] })]);
      return connection.commit([indexing(idOf(racer), 1, [contested])]);
    });
    expectOneWinner(results, { outcome: 'entry_taken', index: 0, key: 'idEmail' });
    const winner = results.findIndex((result) => result.outcome === 'committed');
    await expectHolders(repository, contested, [idOf(winner)]);
    const { profiles } = await stateOf(repository, TENANT);
    expectSame(profiles.length, RACERS / 2 + (winner < RACERS / 2 ? 0 : 1), 'the number of profiles');
  });

  clause('commit/one-entry', 'one that its holder gives up goes to one profile at most', async (context) => {
    const { repository } = context;
    const idOf = (racer: number) => `racer-${racer}`;
    const contested = email('contested');
    await commitAll(repository, ...Array.from({ length: RACERS }, (_, racer) => creation(idOf(racer))));
    for (let round = 1; round <= 3; round++) {
      await commitAll(repository, creation(ANNA, { addEntries: [contested] }));
      const results = await race(context, RACERS, (connection, racer) => {
        if (racer === 3) return connection.commit([deletion(ANNA, 1, { removeEntries: [contested] })]);
        return connection.commit([indexing(idOf(racer), 1, [contested])]);
      });
      const winners = results.flatMap((result, racer) =>
        racer !== 3 && result.outcome === 'committed' ? [racer] : [],
      );
      const losers = results.filter((_, racer) => racer !== 3 && !winners.includes(racer));
      for (const loser of losers) {
        expectSame(loser, { outcome: 'entry_taken', index: 0, key: 'idEmail' }, 'the answer to a racer that lost');
      }
      assert.ok(winners.length <= 1, `${winners.length} racers were answered "committed"`);
      await expectHolders(repository, contested, winners.map(idOf));
      await repository.dropEntries(TENANT, contested.key, 10);
    }
  });

  clause('commit/too-late', 'an index change leaves no entry on a profile that has moved on', async (context) => {
    const { repository } = context;
    const entries = Array.from({ length: 12 }, (_, racer) => (racer % 2 === 0 ? city : email)(`racer ${racer}`));
    for (let round = 0; round < entries.length; round++) {
      const kind = round % 2 === 0 ? 'delete' : 'update';
      const id = `profile-${round}`;
      await commitAll(repository, creation(id));
      const results = await race(context, entries.length, (connection, racer) => {
        if (racer !== round) return connection.commit([indexing(id, 1, entries.slice(racer, racer + 1))]);
        const removeEntries = entries;
        return connection.commit([
          kind === 'delete' ? deletion(id, 1, { removeEntries }) : update(id, 1, { removeEntries }),
        ]);
      });
      expectSame(results[round], { outcome: 'committed' }, `the answer to the change of the kind ${kind}`);
      const moved = { outcome: 'revision_moved', index: 0, ...(kind === 'update' && { revision: 2 }) };
      for (const result of results) {
        if (result.outcome !== 'committed')
          expectSame(result, moved, 'the answer to an index change that came too late');
      }
      // An entry of a profile that is gone would only be seen once the id is taken again.
      if (kind === 'delete') await commitAll(repository, creation(id));
      for (const entry of entries) await expectHolders(repository, entry, []);
    }
  });

  clause('commit/crossed', 'commits over the same profiles in opposite order all get an answer', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA), creation(BERT));
    for (let revision = 1; revision <= 5; revision++) {
      const results = await race(context, 8, (connection, racer) => {
        const changes = [update(ANNA, revision), update(BERT, revision)];
        return connection.commit(racer % 4 < 2 ? changes : changes.reverse());
      });
      expectOneWinner(results, { outcome: 'revision_moved', index: 0, revision: revision + 1 });
      const revisions = [
        (await loadProfile(repository, ANNA)).revision,
        (await loadProfile(repository, BERT)).revision,
      ];
      expectSame(revisions, [revision + 1, revision + 1], 'the revisions after the race');
    }
  });
};

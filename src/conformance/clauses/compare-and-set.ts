import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';
import {
  commitAll,
  commitSchemaVersion,
  expectHolders,
  expectOneWinner,
  expectSame,
  loadProfile,
} from '../expectations.js';
import { race } from '../racing.js';
import { ANNA, BERT, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
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

  clause('commit/schema-race', 'no commit takes place by a schema version that has been replaced', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA));
    for (let version = 1; version <= 15; version++) {
      const { revision } = await loadProfile(repository, ANNA);
      let seen: number | undefined;
      const results = await race(context, 5, async (connection, racer) => {
        if (racer !== version % 5) return connection.commit([update(ANNA, revision, { schemaVersion: version })]);
        await commitSchemaVersion(connection, version + 1);
        seen = (await loadProfile(connection, ANNA)).revision;
        return undefined;
      });
      const moved = results.filter((result) => result?.outcome === 'schema_moved');
      for (const result of moved)
        expectSame(result, { outcome: 'schema_moved', schemaVersion: version + 1 }, 'the loser');
      const { revision: final } = await loadProfile(repository, ANNA);
      const winners = results.filter((result) => result?.outcome === 'committed').length;
      expectSame(final, revision + winners, 'the revision after the race');
      expectSame(seen, final, 'the revision seen right after the schema change was acknowledged');
    }
  });
};

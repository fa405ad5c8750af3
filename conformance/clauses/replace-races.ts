import assert from 'node:assert';
import type { StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race, yieldToEventLoop } from '../concurrency.js';
import { commit, commitAll, commitSchemaVersion, expectEqual, expectHolders, loadProfile } from '../expectations.js';
import { ANNA, creation, deletion, email, replacement, TENANT, update } from '../sample-changes.js';
import { allStates } from '../states.js';
import { stateOf, type TenantState } from '../tenant-state.js';
import { canonical, replace } from './replace.js';

const HISTORY = { history: true };
const RACERS = 20;
const VERSIONS = 6;

/** Replacements unseen, beside others and other changes, if the capability is declared. */
export const replaceRaceClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.replace) return;
  const history = options.capabilities.history ?? false;

  clause('replace/racing', 'racing replacements and updates leave the entries of the last one', async (context) => {
    const { repository } = context;
    await commitAll(repository, canonical(ANNA, email('none')));
    const valuesOf = ({ attributes }: StoredProfile) => (attributes.Tags as string[]).map((tag) => email(tag));
    const done = await race(context, RACERS, async (connection, racer) => {
      const tags = [`${racer}`, `shared ${racer % 3}`];
      const next = { attributes: { Tags: tags }, metadata: { operation: 'replace', actor: `racer ${racer}` } } as const;
      const entries = tags.map((tag) => email(tag));
      for (let attempt = 0; attempt < 1000; attempt++) {
        if (racer % 4 !== 0) {
          const change = replacement(ANNA, { ...next, keys: ['idEmail'], entries });
          const result = await replace(connection, change, { history });
          if (result.outcome !== 'look') return result.revision;
        }
        const current = await loadProfile(connection, ANNA);
        const { revision } = current;
        const removeEntries = (current.attributes.Tags ? valuesOf(current) : [email('none')]).filter(
          ({ digest }) => !entries.some((entry) => entry.digest === digest),
        );
        const change = update(ANNA, revision, { ...next, canonical: true, addEntries: entries, removeEntries });
        const result = await commit(connection, [change], { history });
        if (result.outcome === 'committed') return revision + 1;
      }
      assert.fail('a call lost the race a thousand times');
    });
    const numbers = done.toSorted((one, other) => one - other);
    const revisions = Array.from({ length: RACERS }, (_, index) => index + 2);
    expectEqual(numbers, revisions, 'the revisions that were returned');
    const last = await loadProfile(repository, ANNA);
    const held = new Set(valuesOf(last).map(({ digest }) => digest));
    for (const tag of ['none', 'shared 0', 'shared 1', 'shared 2', ...done.map((_, racer) => `${racer}`)]) {
      await expectHolders(repository, email(tag), held.has(email(tag).digest) ? [ANNA] : []);
    }
    if (!history) return;
    const states = await allStates(repository, ANNA);
    expectEqual(states.map(({ revision }) => revision).reverse(), [1, ...revisions], 'the revisions that are kept');
    for (const { revision, metadata, profile } of states.slice(0, -1)) {
      const [own] = profile ? (profile.attributes.Tags as string[]) : [];
      expectEqual(metadata?.actor, `racer ${own}`, `who wrote revision ${revision}`);
      expectEqual(done[Number(own)], revision, `the revision of racer ${own}`);
    }
  });

  clause(
    'replace/expecting',
    'of racing replacements that expect one revision, one succeeds (R14)',
    async (context) => {
      const { repository } = context;
      await commitAll(repository, canonical(ANNA));
      for (let revision = 1; revision <= 5; revision++) {
        const results = await race(context, RACERS, (connection, racer) => {
          const content = { attributes: { Racer: racer }, keys: ['idEmail'], entries: [email(`${revision} ${racer}`)] };
          return replace(connection, replacement(ANNA, { ...content, expected: { revision } }), { history });
        });
        const winners = results.flatMap(({ outcome }, racer) => (outcome === 'replaced' ? [racer] : []));
        expectEqual(winners.length, 1, `how many replaced revision ${revision}`);
        const { attributes, revision: next } = await loadProfile(repository, ANNA);
        expectEqual([attributes.Racer, next], [winners[0], revision + 1], 'the winner and the revision');
        for (const racer of results.keys()) {
          await expectHolders(repository, email(`${revision} ${racer}`), winners.includes(racer) ? [ANNA] : []);
        }
      }
    },
  );

  clause('replace/unique', 'of racing replacements that add a unique entry, one succeeds (R19)', async (context) => {
    const { repository } = context;
    const ids = Array.from({ length: RACERS }, (_, racer) => `racer-${racer}`);
    await commitAll(repository, ...ids.map((id) => canonical(id, email(id))));
    const results = await race(context, RACERS, (connection, racer) => {
      const entries = [email('wanted'), email(`new ${racer}`)];
      return replace(
        connection,
        replacement(ids[racer] ?? '', { attributes: { New: 1 }, keys: ['idEmail'], entries }),
        { history },
      );
    });
    const winners = ids.filter((_, racer) => results[racer]?.outcome === 'replaced');
    assert.ok(winners.length <= 1, `${winners.length} profiles have one unique entry`);
    await expectHolders(repository, email('wanted'), winners);
    for (const [racer, id] of ids.entries()) {
      const isWinner = winners.includes(id);
      await expectHolders(repository, email(id), isWinner ? [] : [id]);
      await expectHolders(repository, email(`new ${racer}`), isWinner ? [id] : []);
      expectEqual((await loadProfile(repository, id)).revision, isWinner ? 2 : 1, `the revision of ${id}`);
      if (history) expectEqual((await allStates(repository, id)).length, isWinner ? 2 : 1, `the states of ${id}`);
    }
  });

  clause('replace/schema-race', 'none takes effect for a replaced schema version (R16)', async (context) => {
    const { repository } = context;
    for (let version = 1; version <= VERSIONS; version++) {
      const byVersion = { schemaVersion: version, canonicalSince: version };
      const ids = Array.from({ length: RACERS }, (_, racer) => `profile-${version}-${racer}`);
      const entries = ids.map(email);
      await commitAll(repository, ...ids.map((id) => ({ ...canonical(id), schemaVersion: version })));
      let seen: TenantState | undefined;
      const results = await race(context, RACERS, async (connection, racer) => {
        const id = ids[racer] ?? '';
        const details = { ...byVersion, attributes: { New: 1 }, keys: ['idEmail'], entries: [email(id)] };
        if (racer !== version % RACERS) return replace(connection, replacement(id, details), { history });
        // In an in-process store no replacement is in flight before the first turn of the event loop.
        for (let turn = version % 3; turn > 0; turn--) await yieldToEventLoop();
        await commitSchemaVersion(connection, version + 1);
        seen = await stateOf(connection, TENANT, entries);
        return undefined;
      });
      const after = await stateOf(repository, TENANT, entries);
      expectEqual(after, seen, 'the final state, compared with the state when the schema change was acknowledged');
      for (const [racer, id] of ids.entries()) {
        const isReplaced = results[racer]?.outcome === 'replaced';
        const { revision } = await loadProfile(repository, id);
        expectEqual(
          [revision, after.holders[racer]],
          isReplaced ? [2, [id]] : [1, []],
          `revision and holders of ${id}`,
        );
      }
    }
  });

  clause('replace/recreated', 'a replacement that races a deletion and a creation is whole', async (context) => {
    const { repository } = context;
    for (let round = 0; round < 10; round++) {
      const id = `profile-${round}`;
      const [mine, theirs] = [email(`mine ${round}`), email(`theirs ${round}`)];
      await commitAll(repository, canonical(id, theirs));
      const [result] = await race(context, 2, async (connection, racer) => {
        if (racer === 0) {
          const change = replacement(id, { attributes: { Mine: 1 }, keys: ['idEmail'], entries: [mine] });
          return replace(connection, change, { history });
        }
        // Keeps the deletion, if the repository can.
        const gone = await commit(connection, [deletion(id, 1, { removeEntries: [theirs] })], { history });
        if (gone.outcome === 'committed') {
          await commit(connection, [creation(id, { addEntries: [theirs], canonical: round % 2 === 0 })], { history });
        }
        return undefined;
      });
      const { profile } = await repository.load(TENANT, id, { extensions: false });
      const isMine = profile !== undefined && Object.hasOwn(profile.attributes, 'Mine');
      expectEqual(result?.outcome ?? 'none', isMine ? 'replaced' : 'look', `the outcome of round ${round}`);
      await expectHolders(repository, mine, isMine ? [id] : []);
      await expectHolders(repository, theirs, isMine ? [] : [id]);
    }
  });
};

/** Former states of replacements unseen, if both capabilities are declared. */
export const replaceHistoryClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.replace || !options.capabilities.history) return;

  clause('replace/history', 'the state that is replaced is kept as it was, with its metadata', async (context) => {
    const { repository } = context;
    const first = { operation: 'import', actor: 'first actor', reason: 'first reason' } as const;
    await commitAll(repository, creation(ANNA, { canonical: true, segment: 'gold', metadata: first }));
    const [before] = await allStates(repository, ANNA);
    const second = { operation: 'replace', actor: 'second actor' } as const;
    const change = replacement(ANNA, { attributes: { Name: 'second' }, segment: null, metadata: second });
    expectEqual((await replace(repository, change, HISTORY)).outcome, 'replaced', 'the outcome');
    const [present, ...former] = await allStates(repository, ANNA);
    expectEqual(former, [before], 'the former states');
    const profile = await loadProfile(repository, ANNA);
    const expected = { customerId: ANNA, revision: 2, at: profile.updatedAt, metadata: second, profile };
    expectEqual(present, expected, 'the present state');
    await replace(repository, replacement(ANNA, { attributes: { Name: 'third' } }));
    expectEqual((await allStates(repository, ANNA)).slice(1), [before], 'the states after one that keeps none');
  });

  clause('replace/no-trace', 'a replacement that changes nothing, or is not done, keeps nothing', async (context) => {
    const { repository } = context;
    await commitAll(repository, canonical(ANNA), canonical('bert', email('taken')));
    const before = await allStates(repository, ANNA);
    const { attributes, extensions } = await loadProfile(repository, ANNA);
    const metadata = { operation: 'import', actor: 'another' } as const;
    await replace(repository, replacement(ANNA, { attributes, extensions, metadata }), HISTORY);
    expectEqual(await allStates(repository, ANNA), before, 'the states after a replacement that changes nothing');
    const taken = { keys: ['idEmail'], entries: [email('taken')], metadata };
    await replace(repository, replacement(ANNA, { attributes: {}, ...taken }), HISTORY);
    expectEqual(await allStates(repository, ANNA), before, 'the states after one that is not done');
  });
};

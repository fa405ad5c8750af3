import type { Change } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race, yieldToEventLoop } from '../concurrency.js';
import { commit, commitAll, commitSchemaVersion, expectEqual } from '../expectations.js';
import { ReferenceModel } from '../model/reference-model.js';
import { city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { stateOf, type TenantState } from '../tenant-state.js';

const RACERS = 8;
const VERSIONS = 12;
const ENTRY = city('Ulm');

/** Checking 50 entries takes long enough between reading the schema version and writing that few rounds suffice. */
const SLOW = 'an update with many entries';
const SLOW_ROUNDS = 4;

/** The commit of one caller in one round. It owns the profile `id`, which has revision 1 and the entry `ENTRY`. */
const COMMITS: Readonly<Record<string, (id: string) => Change[]>> = {
  'an update': (id) => [update(id, 1)],
  'an update with entries': (id) => [update(id, 1, { addEntries: [email(id)], removeEntries: [ENTRY] })],
  'a creation': (id) => [creation(`${id}-new`, { addEntries: [ENTRY] })],
  'a deletion': (id) => [deletion(id, 1, { removeEntries: [ENTRY] })],
  'an index change': (id) => [indexing(id, 1, [email(id)])],
  [SLOW]: (id) => [update(id, 1, { addEntries: Array.from({ length: 50 }, (_, number) => email(`${id}/${number}`)) })],
  'several changes': (id) => [creation(`${id}-new`, { addEntries: [email(id)] }), update(id, 1)],
};

/** A commit and a schema change never both succeed for the same schema version (R16). */
export const schemaRaceClauses: ClauseGroup = (clause) => {
  for (const [kind, make] of Object.entries(COMMITS)) {
    clause('commit/schema-race', `${kind} never commits for a replaced schema version`, async (context) => {
      const { repository } = context;
      const model = new ReferenceModel();
      for (let version = 1; version <= (kind === SLOW ? SLOW_ROUNDS : VERSIONS); version++) {
        const idOf = (racer: number) => `profile-${version}-${racer}`;
        const ids = Array.from({ length: RACERS }, (_, racer) => idOf(racer));
        const byVersion = { schemaVersion: version };
        const creations = ids.map((id) => creation(id, { ...byVersion, addEntries: [ENTRY] }));
        await commitAll(repository, ...creations);
        model.commit(creations);
        const entries = [ENTRY, ...ids.map(email)];
        const changesOf = (racer: number) => make(idOf(racer)).map((change) => ({ ...change, ...byVersion }));
        let seen: TenantState | undefined;
        const results = await race(context, RACERS, async (connection, racer) => {
          if (racer !== version % RACERS) {
            return commit(connection, changesOf(racer));
          }
          // In an in-process store no commit is in flight before the first turn of the event loop.
          for (let turn = version % 3; turn > 0; turn--) await yieldToEventLoop();
          await commitSchemaVersion(connection, version + 1);
          seen = await stateOf(connection, TENANT, entries);
          return undefined;
        });
        for (const [racer, result] of results.entries()) {
          if (result === undefined) continue;
          if (result.outcome === 'committed') {
            model.commit(changesOf(racer));
            continue;
          }
          expectEqual(
            result,
            { outcome: 'schema_changed', schemaVersion: version + 1 },
            'the result of a commit that lost the race',
          );
        }
        const after = await stateOf(repository, TENANT, entries);
        expectEqual(after, seen, 'the final state, compared with the state when the schema change was acknowledged');
        const { profiles, holders } = model.state(entries);
        const what = 'the final profiles and holders, of which every acknowledged commit is a part';
        expectEqual([after.profiles, after.holders], [profiles, holders], what);
        model.commitSchema(version);
      }
    });
  }
};

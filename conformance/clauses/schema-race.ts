import type { Change } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
import { pause, race } from '../racing.js';
import { city, creation, deletion, email, indexing, TENANT, update } from '../sample-changes.js';
import { stateOf, type TenantState } from '../stored-state.js';

const RACERS = 8;
const VERSIONS = 12;
const ENTRY = city('Ulm');

/** Whoever asks for the holder of each entry takes so long between the version and the writing that few rounds will do. */
const LONG = 'an update with many entries';
const ROUNDS_OF_LONG = 4;

/** A commit of one racer in one round. The profile `id` is its own: it has revision 1, and `ENTRY` where it says so. */
const COMMITS: Readonly<Record<string, (id: string) => Change[]>> = {
  'an update': (id) => [update(id, 1)],
  'an update with entries': (id) => [update(id, 1, { addEntries: [email(id)], removeEntries: [ENTRY] })],
  'a creation': (id) => [creation(`${id}-new`, { addEntries: [ENTRY] })],
  'a deletion': (id) => [deletion(id, 1, { removeEntries: [ENTRY] })],
  'an index change': (id) => [indexing(id, 1, [email(id)])],
  [LONG]: (id) => [update(id, 1, { addEntries: Array.from({ length: 50 }, (_, number) => email(`${id}/${number}`)) })],
  'several changes': (id) => [creation(`${id}-new`, { addEntries: [email(id)] }), update(id, 1)],
};

/** That a commit and a schema change never both succeed by the same schema version (R16). */
export const schemaRaceClauses: ClauseGroup = (clause) => {
  for (const [kind, make] of Object.entries(COMMITS)) {
    clause('commit/schema-race', `${kind} takes place by no schema that has been replaced`, async (context) => {
      const { repository } = context;
      for (let version = 1; version <= (kind === LONG ? ROUNDS_OF_LONG : VERSIONS); version++) {
        const idOf = (racer: number) => `profile-${version}-${racer}`;
        const ids = Array.from({ length: RACERS }, (_, racer) => idOf(racer));
        const byVersion = { schemaVersion: version };
        await commitAll(repository, ...ids.map((id) => creation(id, { ...byVersion, addEntries: [ENTRY] })));
        const entries = [ENTRY, ...ids.map(email)];
        let seen: TenantState | undefined;
        const results = await race(context, RACERS, async (connection, racer) => {
          if (racer !== version % RACERS) {
            return connection.commit(make(idOf(racer)).map((change) => ({ ...change, ...byVersion })));
          }
          // A store that does one thing after the other has none under way before its first turn.
          for (let turn = version % 3; turn > 0; turn--) await pause();
          await commitSchemaVersion(connection, version + 1);
          seen = await stateOf(connection, TENANT, entries);
          return undefined;
        });
        for (const result of results) {
          if (result === undefined || result.outcome === 'committed') continue;
          expectSame(
            result,
            { outcome: 'schema_moved', schemaVersion: version + 1 },
            'the answer to a commit that lost',
          );
        }
        const after = await stateOf(repository, TENANT, entries);
        expectSame(after, seen, 'the state, and what it was when the schema change had been acknowledged');
      }
    });
  }
};

import assert from 'node:assert';
import type { Loaded, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, readWhileWriting, yieldToEventLoop } from '../concurrency.js';
import { firstDifference } from '../difference.js';
import { commit, commitAll, commitSchemaVersion, committed, expectConflict, expectEqual } from '../expectations.js';
import { ANNA, BERT, CARL, city, creation, email, sampleSchema, TENANT, update } from '../sample-changes.js';
import { allProfiles } from '../tenant-state.js';

const ENTRY = city('Ulm');
const CUSTOMER_IDS = [ANNA, BERT, CARL];
const VERSIONS = 15;
const READERS = 3;

/** Attributes and extensions that record the schema version for which they were written. */
const writtenBy = (version: number) => ({ attributes: { By: version }, extensions: { Log: [{ By: version }] } });

/** Reads the profiles, which always change together. The schema version is absent if the method does not return it. */
type Read = (repository: ProfileRepository) => Promise<Loaded[]>;

const loadEach =
  (extensions: boolean): Read =>
  async (repository) => {
    const seen: Loaded[] = [];
    for (const id of CUSTOMER_IDS) seen.push(await repository.load(TENANT, id, { extensions }));
    return seen;
  };

const findAll =
  (extensions: boolean): Read =>
  async (repository) => {
    const { schemaVersion, profiles, more } = await repository.find(TENANT, ENTRY, { limit: 10, extensions });
    expectEqual(
      profiles.map(({ customerId, revision }) => [customerId, revision]),
      // A page may be short, and is one snapshot all the same.
      CUSTOMER_IDS.slice(0, more ? profiles.length : undefined).map((id) => [id, profiles[0]?.revision]),
      'the profiles found, all at the same revision',
    );
    return profiles.map((profile) => ({ schemaVersion, profile }));
  };

const READINGS: readonly (readonly [clause: string, title: string, read: Read])[] = [
  ['load/snapshot', 'sees each commit entirely or not at all', loadEach(true)],
  ['load/snapshot', 'without extensions, sees each commit entirely or not at all', loadEach(false)],
  ['find/snapshot', 'sees each commit entirely or not at all', findAll(true)],
  ['find/snapshot', 'without extensions, sees each commit entirely or not at all', findAll(false)],
  [
    'page/snapshot',
    'each profile of a page is in one committed state',
    async (repository) => (await allProfiles(repository, TENANT)).map((profile) => ({ profile })),
  ],
];

/** Each read returns one snapshot while profiles and schema change concurrently. */
export const snapshotReadClauses: ClauseGroup = (clause) => {
  for (const [id, title, read] of READINGS) {
    clause(id, title, async (context) => {
      const { repository } = context;
      const creations = CUSTOMER_IDS.map((customerId) =>
        creation(customerId, { ...writtenBy(1), addEntries: [ENTRY] }),
      );
      await commitAll(repository, ...creations);
      let latest = 0;
      await readWhileWriting(
        context,
        1,
        async () => {
          for (let version = 2; version <= VERSIONS; version++) await writeVersion(repository, version);
        },
        async (secondConnection) => {
          for (const loaded of await read(secondConnection)) latest = expectConsistent(loaded, latest);
        },
      );
    });
  }

  for (const moved of [email('moved'), city('moved')]) {
    const kind = moved.unique ? 'a unique' : 'a non-unique';
    clause('find/snapshot', `${kind} entry is found with a state that has it`, async (context) => {
      const { repository } = context;
      await commitAll(
        repository,
        creation(ANNA, { attributes: { Has: true }, addEntries: [moved] }),
        creation(BERT, { attributes: { Has: false } }),
      );
      await readWhileWriting(
        context,
        READERS,
        async () => {
          for (let revision = 1; revision <= 30; revision++) {
            const [giver, taker] = revision % 2 === 1 ? [ANNA, BERT] : [BERT, ANNA];
            await commitAll(
              repository,
              update(giver, revision, { attributes: { Has: false }, removeEntries: [moved] }),
              update(taker, revision, { attributes: { Has: true }, addEntries: [moved] }),
            );
            // An odd number of moves without a pause: an even one would restore the previous holder.
            if ([0, 1, 3].includes(revision % 5)) await yieldToEventLoop();
          }
        },
        async (connection) => {
          const { profiles } = await connection.find(TENANT, moved, { limit: 10, extensions: false });
          const found = profiles.map(({ attributes }) => attributes);
          expectEqual(
            found,
            [{ Has: true }],
            'the attributes of the profiles found, of which exactly one has the entry',
          );
        },
      );
    });
  }

  clause('schema/snapshot', 'a schema is read with its own version, and never a stale one', async (context) => {
    const { repository } = context;
    let acknowledged = 1;
    const expectSchema = async (connection: ProfileRepository) => {
      const atLeast = acknowledged;
      const loaded = await connection.loadSchema(TENANT);
      const version = loaded?.version ?? 0;
      expectEqual(loaded, { version, schema: sampleSchema(`${TENANT}/${version}`) }, 'loadSchema');
      assert.ok(version >= atLeast, `read schema version ${version} after version ${atLeast} had been acknowledged`);
    };
    await readWhileWriting(
      context,
      READERS,
      async () => {
        for (let version = 2; version <= 30; version++) {
          const early = expectSchema(repository);
          await commitSchemaVersion(repository, version);
          acknowledged = version;
          await awaitAll([early, expectSchema(repository)]);
        }
      },
      expectSchema,
    );
  });
};

/** Commits a schema change and an update of all profiles for it, then an update that is refused and must stay invisible. */
async function writeVersion(repository: ProfileRepository, version: number): Promise<void> {
  const bySchema = { schemaVersion: version };
  const updates = (revision: number, by: number) =>
    CUSTOMER_IDS.map((id) => update(id, revision, { ...writtenBy(by), ...bySchema }));
  // Both at once: a read in two halves is only detected if both commit in between.
  const [, result] = await awaitAll<unknown>([
    commitSchemaVersion(repository, version),
    commit(repository, updates(version - 1, version)),
  ]);
  const isMoved = firstDifference(result, { outcome: 'schema_changed', schemaVersion: version - 1 }) === undefined;
  if (isMoved) await commitAll(repository, ...updates(version - 1, version));
  else expectEqual(result, committed(...updates(version - 1, version)), 'the result of commit');
  const refused = [...updates(version, -version), update('nobody', 1, bySchema)];
  await expectConflict(repository, refused, { outcome: 'revision_changed', index: CUSTOMER_IDS.length });
}

/** Checks one read and returns its revision, below which the next read must not fall. */
function expectConsistent({ schemaVersion, profile }: Loaded, latest: number): number {
  const revision = profile?.revision ?? 0;
  const written = writtenBy(revision);
  // Other clauses check whether extensions are returned.
  const { attributes, extensions = written.extensions } = profile ?? {};
  expectEqual({ attributes, extensions }, written, `the documents of revision ${revision}`);
  // Each schema change is followed by one update of all profiles, which increments their revisions.
  const isPossible = schemaVersion === undefined || schemaVersion === revision || schemaVersion === revision + 1;
  expectEqual(isPossible, true, `schema version ${schemaVersion} belongs to revision ${revision}`);
  expectEqual(revision >= latest, true, `revision ${revision} is not older than revision ${latest}, read before`);
  return revision;
}

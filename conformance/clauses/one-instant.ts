import assert from 'node:assert';
import type { Loaded, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { differenceBetween } from '../difference.js';
import { commitAll, commitSchemaVersion, expectObstacle, expectSame } from '../expectations.js';
import { pause, readWhileWriting, settled } from '../racing.js';
import { ANNA, BERT, CARL, city, creation, email, sampleSchema, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');
const TOGETHER = [ANNA, BERT, CARL];
const VERSIONS = 15;
const READERS = 3;

/** Attributes and extensions that tell by which schema version they were written. */
const writtenBy = (version: number) => ({ attributes: { By: version }, extensions: { Log: [{ By: version }] } });

/** A reading of the profiles that change together; the schema version is absent from those that do not answer it. */
type Read = (repository: ProfileRepository) => Promise<Loaded[]>;

const loadEach =
  (extensions: boolean): Read =>
  async (repository) => {
    const seen: Loaded[] = [];
    for (const id of TOGETHER) seen.push(await repository.load(TENANT, id, { extensions }));
    return seen;
  };

const findAll =
  (extensions: boolean): Read =>
  async (repository) => {
    const { schemaVersion, profiles } = await repository.find(TENANT, ENTRY, { limit: 10, extensions });
    expectSame(
      profiles.map(({ customerId, revision }) => [customerId, revision]),
      TOGETHER.map((id) => [id, profiles[0]?.revision]),
      'the profiles found at one instant, which change together',
    );
    return profiles.map((profile) => ({ schemaVersion, profile }));
  };

const READINGS: readonly (readonly [clause: string, words: string, read: Read])[] = [
  ['load/one-instant', 'a reader sees each commit whole or not at all', loadEach(true)],
  ['load/one-instant', 'a reader without extensions sees each commit whole or not at all', loadEach(false)],
  ['find/one-instant', 'a finder sees each commit whole or not at all', findAll(true)],
  ['find/one-instant', 'a finder without extensions sees each commit whole or not at all', findAll(false)],
  [
    'page/one-instant',
    'each profile of a page is in one of its states',
    async (repository) => (await repository.page(TENANT, { limit: 10 })).map((profile) => ({ profile })),
  ],
];

/** That what is read together stood so at one instant, while profiles and schema change all the time. */
export const oneInstantClauses: ClauseGroup = (clause) => {
  for (const [id, words, read] of READINGS) {
    clause(id, words, async (context) => {
      const { repository } = context;
      const creations = TOGETHER.map((customerId) => creation(customerId, { ...writtenBy(1), addEntries: [ENTRY] }));
      await commitAll(repository, ...creations);
      let latest = 0;
      await readWhileWriting(
        context,
        1,
        async () => {
          for (let version = 2; version <= VERSIONS; version++) await writeVersion(repository, version);
        },
        async (rival) => {
          for (const loaded of await read(rival)) latest = expectPossible(loaded, latest);
        },
      );
    });
  }

  for (const handed of [email('handed'), city('handed')]) {
    const kind = handed.unique ? 'a unique' : 'a plain';
    clause('find/one-instant', `${kind} entry is found with the state that has it`, async (context) => {
      const { repository } = context;
      await commitAll(
        repository,
        creation(ANNA, { attributes: { Has: true }, addEntries: [handed] }),
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
              update(giver, revision, { attributes: { Has: false }, removeEntries: [handed] }),
              update(taker, revision, { attributes: { Has: true }, addEntries: [handed] }),
            );
            // Of several in a row, an even number would leave all as it was.
            if ([0, 1, 3].includes(revision % 5)) await pause();
          }
        },
        async (connection) => {
          const { profiles } = await connection.find(TENANT, handed, { limit: 10, extensions: false });
          const found = profiles.map(({ attributes }) => attributes);
          expectSame(found, [{ Has: true }], 'the attributes of the profiles found, of which one has the entry');
        },
      );
    });
  }

  clause('schema/one-instant', 'a schema is read under its own version, and never an older one', async (context) => {
    const { repository } = context;
    let acknowledged = 1;
    const expectSchema = async (connection: ProfileRepository) => {
      const atLeast = acknowledged;
      const loaded = await connection.loadSchema(TENANT);
      const version = loaded?.version ?? 0;
      expectSame(loaded, { version, schema: sampleSchema(`${TENANT}/${version}`) }, 'loadSchema');
      assert.ok(version >= atLeast, `version ${version} was read after ${atLeast} had been acknowledged`);
    };
    await readWhileWriting(
      context,
      READERS,
      async () => {
        for (let version = 2; version <= 30; version++) {
          const early = expectSchema(repository);
          await commitSchemaVersion(repository, version);
          acknowledged = version;
          await settled([early, expectSchema(repository)]);
        }
      },
      expectSchema,
    );
  });
};

/** A schema change and an update of all by it, then one that is refused, of which nothing may be seen. */
async function writeVersion(repository: ProfileRepository, version: number): Promise<void> {
  const bySchema = { schemaVersion: version };
  const updates = (revision: number, by: number) =>
    TOGETHER.map((id) => update(id, revision, { ...writtenBy(by), ...bySchema }));
  // Both at once: who reads a part before and a part after is found out only if both have come in between.
  const [, result] = await settled<unknown>([
    commitSchemaVersion(repository, version),
    repository.commit(updates(version - 1, version)),
  ]);
  const isMoved = differenceBetween(result, { outcome: 'schema_moved', schemaVersion: version - 1 }) === undefined;
  if (isMoved) await commitAll(repository, ...updates(version - 1, version));
  else expectSame(result, { outcome: 'committed' }, 'the answer to the commit');
  const refused = [...updates(version, -version), update('nobody', 1, bySchema)];
  await expectObstacle(repository, refused, { outcome: 'revision_moved', index: TOGETHER.length });
}

/** Answers the revision, at which or after which the next one is possible. */
function expectPossible({ schemaVersion, profile }: Loaded, latest: number): number {
  const revision = profile?.revision ?? 0;
  const written = writtenBy(revision);
  // Whether extensions are answered is for other clauses.
  const { attributes, extensions = written.extensions } = profile ?? {};
  expectSame({ attributes, extensions }, written, `the parts of revision ${revision}`);
  // Each schema change is followed by one update of all, which adds one to their revisions.
  const possible = schemaVersion === undefined || schemaVersion === revision || schemaVersion === revision + 1;
  expectSame(possible, true, `schema version ${schemaVersion} beside revision ${revision} is possible`);
  expectSame(revision >= latest, true, `revision ${revision} after revision ${latest} is possible`);
  return revision;
}

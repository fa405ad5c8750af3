import assert from 'node:assert';
import type { ProfileRepository, StoredProfile } from '../../storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
import { readWhileWriting, settled } from '../racing.js';
import { ANNA, city, creation, deletion, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');

/** Ways to read the one profile that there is, if it is there. */
const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<StoredProfile | undefined>>> = {
  load: async (repository) => (await repository.load(TENANT, ANNA, { extensions: true })).profile,
  'load without extensions': async (repository) => (await repository.load(TENANT, ANNA, { extensions: false })).profile,
  find: async (repository) => (await repository.find(TENANT, ENTRY, { limit: 2, extensions: true })).profiles[0],
  page: async (repository) => (await repository.page(TENANT, { limit: 2 }))[0],
};

/** That no reading is behind: replicas that lag and caches without a check would be. */
export const acknowledgedClauses: ClauseGroup = (clause) => {
  for (const [reading, read] of Object.entries(READINGS)) {
    const [method] = reading.split(' ');
    clause(
      `${method}/acknowledged`,
      `${reading}: an acknowledged commit is seen at once, on any connection`,
      async (context) => {
        const { repository, rival } = context;
        for (const writer of [repository, rival, repository]) {
          const expectRevision = async (revision: number | undefined) => {
            for (const reader of [rival, repository]) {
              expectSame((await read(reader))?.revision, revision, 'the revision after the commit');
            }
          };
          await expectRevision(undefined);
          await commitAll(writer, creation(ANNA, { addEntries: [ENTRY] }));
          await expectRevision(1);
          for (const revision of [1, 2, 3, 4]) {
            await commitAll(writer, update(ANNA, revision));
            await expectRevision(revision + 1);
          }
          await commitAll(writer, deletion(ANNA, 5, { removeEntries: [ENTRY] }));
        }
        await commitSchemaVersion(repository, 2);
        for (const reader of [rival, repository]) {
          expectSame((await reader.loadSchema(TENANT))?.version, 2, 'the version after the schema change');
        }
      },
    );

    clause(
      `${method}/acknowledged`,
      `${reading}: nobody is answered what was read before he asked`,
      async (context) => {
        const { repository, rival } = context;
        await commitAll(repository, creation(ANNA, { addEntries: [ENTRY] }));
        const readings = () => [rival, repository].map(async (reader) => (await read(reader))?.revision ?? 0);
        let acknowledged = 1;
        await readWhileWriting(
          context,
          4,
          async () => {
            for (let revision = 1; revision <= 30; revision++) {
              const early = readings();
              await commitAll(repository, update(ANNA, revision));
              acknowledged = revision + 1;
              const late = await settled(readings());
              expectSame(late, [acknowledged, acknowledged], 'the revisions that are read right after a commit');
              await settled(early);
            }
          },
          async (connection) => {
            const atLeast = acknowledged;
            const revision = (await read(connection))?.revision ?? 0;
            assert.ok(revision >= atLeast, `revision ${revision} was read after ${atLeast} had been acknowledged`);
          },
        );
      },
    );
  }
};

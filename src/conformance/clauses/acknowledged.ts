import type { ProfileRepository, StoredProfile } from '../../storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
import { ANNA, city, creation, deletion, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');

/** Ways to read the one profile that there is, if it is there. */
const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<StoredProfile | undefined>>> = {
  load: async (repository) => {
    const { profile } = await repository.load(TENANT, ANNA, { extensions: true });
    const bare = await repository.load(TENANT, ANNA, { extensions: false });
    expectSame(bare.profile?.revision, profile?.revision, 'the revision by a load without extensions');
    return profile;
  },
  find: async (repository) => (await repository.find(TENANT, ENTRY, { limit: 2, extensions: true })).profiles[0],
  page: async (repository) => (await repository.page(TENANT, { limit: 2 }))[0],
};

/** That no reading is behind: replicas that lag and caches without a check would be. */
export const acknowledgedClauses: ClauseGroup = (clause) => {
  for (const [method, read] of Object.entries(READINGS)) {
    clause(`${method}/acknowledged`, 'an acknowledged commit is seen at once, on any connection', async (context) => {
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
    });
  }
};

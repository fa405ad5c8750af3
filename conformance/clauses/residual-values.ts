import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, indexing, TENANT, update } from '../sample-changes.js';

const RESIDUAL = { attributes: { Old: 1, Tags: ['a', 'b'] }, extensions: { Fax: [{ Number: '555-9' }, {}] } };

/** Every way to read the one profile of the tenant. */
const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<StoredProfile | undefined>>> = {
  load: async (repository) => (await repository.load(TENANT, ANNA, { extensions: true })).profile,
  'load without extensions': async (repository) => (await repository.load(TENANT, ANNA, { extensions: false })).profile,
  find: async (repository) => (await repository.find(TENANT, city('Ulm'), { limit: 1, extensions: true })).profiles[0],
  'find without extensions': async (repository) =>
    (await repository.find(TENANT, city('Ulm'), { limit: 1, extensions: false })).profiles[0],
  page: async (repository) => (await repository.page(TENANT, { limit: 1 })).profiles[0],
};

/** Values that the schema no longer knows (R23). To a repository they are one more document. */
export const residualValueClauses: ClauseGroup = (clause) => {
  clause('residual/read', 'every read returns the residual values, and none where there are none', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA, { residual: RESIDUAL, addEntries: [city('Ulm')] }));
    for (const [reading, read] of Object.entries(READINGS)) {
      expectEqual((await read(repository))?.residual, RESIDUAL, `the residual values returned by ${reading}`);
    }
    await commitAll(repository, update(ANNA, 1));
    for (const [reading, read] of Object.entries(READINGS)) {
      expectEqual((await read(repository))?.residual, undefined, `the removed values returned by ${reading}`);
    }
  });

  clause('residual/update', 'an update sets all residual values, or removes them', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { residual: RESIDUAL }), creation(BERT));
    const { attributes, extensions } = RESIDUAL;
    await commitAll(repository, update(ANNA, 1, { residual: { attributes } }), update(BERT, 1, { residual: RESIDUAL }));
    expectEqual((await loadProfile(repository, ANNA)).residual, { attributes }, 'the values that replace others');
    expectEqual((await loadProfile(repository, BERT)).residual, RESIDUAL, 'the first residual values');
    await commitAll(
      repository,
      update(ANNA, 2, { residual: { extensions } }),
      update(BERT, 2, { residual: undefined }),
    );
    expectEqual((await loadProfile(repository, ANNA)).residual, { extensions }, 'the values after the second update');
    expectEqual((await loadProfile(repository, BERT)).residual, undefined, 'the values after an update without any');
  });

  clause('residual/kept', 'an index change keeps them, and no other profile gets them', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { residual: RESIDUAL }), creation(BERT));
    await commitAll(repository, indexing(ANNA, 1, [city('Ulm')]), update(BERT, 1));
    expectEqual((await loadProfile(repository, ANNA)).residual, RESIDUAL, 'the residual values');
    expectEqual((await loadProfile(repository, BERT)).residual, undefined, 'those of another profile');
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: [city('Ulm')] }));
    await commitAll(repository, creation(ANNA));
    expectEqual((await loadProfile(repository, ANNA)).residual, undefined, 'those of the recreated profile');
  });
};

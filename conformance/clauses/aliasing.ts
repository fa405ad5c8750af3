import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, email, indexing, sampleSchema, TENANT, update } from '../sample-changes.js';
import { deface } from './deface.js';

type Reading = (repository: ProfileRepository) => Promise<unknown>;

/** Everything that answers something, also of what is not there: answers that say nothing are easily made but once. */
const READINGS: Readonly<Record<string, Reading>> = {
  'a load with extensions': (repository) => repository.load(TENANT, ANNA, { extensions: true }),
  'a load without extensions': (repository) => repository.load(TENANT, ANNA, { extensions: false }),
  'a load of a profile that has none': (repository) => repository.load(TENANT, BERT, { extensions: true }),
  'a load of nobody': (repository) => repository.load('3', ANNA, { extensions: true }),
  'a find with extensions': (repository) => repository.find(TENANT, city('Ulm'), { limit: 10, extensions: true }),
  'a find without extensions': (repository) => repository.find(TENANT, city('Ulm'), { limit: 10, extensions: false }),
  'a find by a unique entry': (repository) => repository.find(TENANT, email(ANNA), { limit: 10, extensions: true }),
  'a find of nobody': (repository) => repository.find(TENANT, city('Bonn'), { limit: 10, extensions: true }),
  'a page': (repository) => repository.page(TENANT, { limit: 10 }),
  'an empty page': (repository) => repository.page('3', { limit: 10 }),
  'a schema': (repository) => repository.loadSchema(TENANT),
  'a commit': (repository) => repository.commit([indexing(ANNA, 1, [email(ANNA)])]),
  'a refused commit': (repository) => repository.commit([update(ANNA, 9)]),
  'a refused schema change': (repository) =>
    repository.commitSchema({ tenantId: TENANT, expectedVersion: 7, schema: sampleSchema('refused') }),
};

/** That nothing that comes out is shared, neither with the store nor with another answer. */
export const aliasingClauses: ClauseGroup = (clause) => {
  for (const [answer, read] of Object.entries(READINGS)) {
    clause('aliasing/out', `changing what ${answer} answered changes nothing`, async ({ repository }) => {
      await commitAll(
        repository,
        creation(ANNA, { segment: 'gold', addEntries: [city('Ulm'), email(ANNA)] }),
        creation(BERT, { extensions: {}, addEntries: [city('Ulm')] }),
      );
      // Copies: what is expected must not be shared with the repository either.
      const [before, anna, bert] = structuredClone([
        await read(repository),
        await loadProfile(repository, ANNA),
        await loadProfile(repository, BERT),
      ]);
      deface(await read(repository));
      expectSame(await read(repository), before, 'the same answer once more');
      expectSame(
        [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)],
        [anna, bert],
        'the profiles afterwards',
      );
    });
  }

  clause('aliasing/together', 'two loads of one profile at the same time share nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const load = () => loadProfile(repository, ANNA);
    const [before, one, other] = [structuredClone(await load()), ...(await Promise.all([load(), load()]))];
    deface(one);
    expectSame(other, before, 'what the one answered after what the other answered was changed');
  });
};

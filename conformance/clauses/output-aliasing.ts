import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commit, commitAll, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, email, indexing, sampleSchema, TENANT, update } from '../sample-changes.js';
import { mutateDeep } from './mutate-deep.js';

type Call = (repository: ProfileRepository) => Promise<unknown>;

/** Every call that returns something. Empty results are included, since they are easily shared constants. */
const CALLS: Readonly<Record<string, Call>> = {
  'load with extensions': (repository) => repository.load(TENANT, ANNA, { extensions: true }),
  'load without extensions': (repository) => repository.load(TENANT, ANNA, { extensions: false }),
  'load of a profile without extensions': (repository) => repository.load(TENANT, BERT, { extensions: true }),
  'load of an unknown tenant': (repository) => repository.load('3', ANNA, { extensions: true }),
  'find with extensions': (repository) => repository.find(TENANT, city('Ulm'), { limit: 10, extensions: true }),
  'find without extensions': (repository) => repository.find(TENANT, city('Ulm'), { limit: 10, extensions: false }),
  'find by a unique entry': (repository) => repository.find(TENANT, email(ANNA), { limit: 10, extensions: true }),
  'find without a match': (repository) => repository.find(TENANT, city('Bonn'), { limit: 10, extensions: true }),
  page: (repository) => repository.page(TENANT, { limit: 10 }),
  'an empty page': (repository) => repository.page('3', { limit: 10 }),
  loadSchema: (repository) => repository.loadSchema(TENANT),
  commit: (repository) => commit(repository, [indexing(ANNA, 1, [email(ANNA)])]),
  'a refused commit': (repository) => commit(repository, [update(ANNA, 9)]),
  'a refused commitSchema': (repository) =>
    repository.commitSchema(TENANT, { expectedVersion: 7, schema: sampleSchema('refused') }),
};

/** Results are copies: mutating one affects neither the store nor another result. */
export const outputAliasingClauses: ClauseGroup = (clause) => {
  for (const [name, call] of Object.entries(CALLS)) {
    clause('aliasing/output', `mutating the result of ${name} has no effect`, async ({ repository }) => {
      await commitAll(
        repository,
        creation(ANNA, { segment: 'gold', addEntries: [city('Ulm'), email(ANNA)] }),
        creation(BERT, { extensions: {}, addEntries: [city('Ulm')] }),
      );
      // Copied, so that the expectation is not aliased either.
      const [before, anna, bert] = structuredClone([
        await call(repository),
        await loadProfile(repository, ANNA),
        await loadProfile(repository, BERT),
      ]);
      mutateDeep(await call(repository));
      expectEqual(await call(repository), before, 'the result of the same call afterwards');
      expectEqual(
        [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)],
        [anna, bert],
        'the profiles afterwards',
      );
    });
  }

  clause('aliasing/concurrent-loads', 'concurrent loads of one profile share nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const load = () => loadProfile(repository, ANNA);
    const [before, one, other] = [structuredClone(await load()), ...(await Promise.all([load(), load()]))];
    mutateDeep(one);
    expectEqual(other, before, 'the result of one load after the other was mutated');
  });
};

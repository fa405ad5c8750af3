import type { ClauseGroup } from '../clause.js';
import { commitAll, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, creation, TENANT, update } from '../sample-changes.js';
import { allProfiles } from '../tenant-state.js';

/** `page`: what it returns. */
export const pageClauses: ClauseGroup = (clause) => {
  clause('page/profiles', 'returns complete profiles with extensions', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT, { extensions: {} }));
    await commitAll(repository, update(ANNA, 1));
    const expected = [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)];
    expectEqual(await allProfiles(repository, TENANT), expected, 'the page');
  });

  clause('page/empty', 'is empty if the tenant has no profiles', async ({ repository }) => {
    expectEqual(await repository.page(TENANT, { limit: 1 }), { profiles: [], more: false }, 'a tenant with a schema');
    expectEqual(await repository.page('3', { limit: 1 }), { profiles: [], more: false }, 'a tenant without');
  });
};

import type { ClauseGroup } from '../clause.js';
import { commitAll, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, creation, TENANT, update } from '../sample-changes.js';

/** What is on a page. */
export const pageClauses: ClauseGroup = (clause) => {
  clause('page/profiles', 'a page has whole profiles, with extensions', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT, { extensions: {} }));
    await commitAll(repository, update(ANNA, 1));
    const expected = [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)];
    expectSame(await repository.page(TENANT, { limit: 10 }), expected, 'the page');
  });

  clause('page/empty', 'a tenant without profiles has one empty page', async ({ repository }) => {
    expectSame(await repository.page(TENANT, { limit: 1 }), [], 'a tenant with a schema');
    expectSame(await repository.page('3', { limit: 1 }), [], 'a tenant without');
  });
};

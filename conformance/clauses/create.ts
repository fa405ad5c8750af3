import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectMissing, loadProfile } from '../expectations.js';
import { ANNA, BERT, CREATED_AT, creation, deletion, UPDATED_AT } from '../sample-changes.js';

/** Changes of the kind `create`. */
export const createClauses: ClauseGroup = (clause) => {
  clause('create/revision', 'a new profile has revision 1 and equal timestamps', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const { revision, createdAt, updatedAt } = await loadProfile(repository, ANNA);
    expectEqual(
      { revision, createdAt, updatedAt },
      { revision: 1, createdAt: CREATED_AT, updatedAt: CREATED_AT },
      'the revision and timestamps',
    );
  });

  clause('create/segment', 'the segment is stored, and absent if none was given', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT));
    expectEqual((await loadProfile(repository, ANNA)).segment, 'gold', 'the given segment');
    expectEqual((await loadProfile(repository, BERT)).segment, undefined, 'the segment that was not given');
  });

  clause('create/id-taken', 'a taken id is refused, and its profile is unchanged', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const before = await loadProfile(repository, ANNA);
    const again = creation(ANNA, { attributes: { Name: 'again' }, extensions: {}, at: UPDATED_AT, segment: 'again' });
    await expectConflict(repository, [again], { outcome: 'id_taken', index: 0 });
    await expectConflict(repository, [creation(BERT), again], { outcome: 'id_taken', index: 1 });
    expectEqual(await loadProfile(repository, ANNA), before, 'the existing profile');
    await expectMissing(repository, BERT);
  });

  clause(
    'create/after-deletion',
    'a deleted id can be reused, and nothing of the old profile remains',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { segment: 'gold' }));
      await commitAll(repository, deletion(ANNA, 1));
      const again = creation(ANNA, { attributes: { Name: 'again' }, extensions: {}, at: UPDATED_AT });
      await commitAll(repository, again);
      expectEqual(
        await loadProfile(repository, ANNA),
        {
          customerId: ANNA,
          revision: 1,
          attributes: { Name: 'again' },
          extensions: {},
          createdAt: UPDATED_AT,
          updatedAt: UPDATED_AT,
        },
        'the recreated profile',
      );
    },
  );
};

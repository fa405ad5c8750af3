import type { ClauseGroup } from '../clause.js';
import { commitAll, expectMissing, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, CREATED_AT, creation, deletion, UPDATED_AT } from '../sample-changes.js';

/** Changes of the kind `create`. */
export const createClauses: ClauseGroup = (clause) => {
  clause('create/revision', 'a new profile has revision 1, and one time as both times', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const { revision, createdAt, updatedAt } = await loadProfile(repository, ANNA);
    expectSame(
      { revision, createdAt, updatedAt },
      { revision: 1, createdAt: CREATED_AT, updatedAt: CREATED_AT },
      'load',
    );
  });

  clause('create/segment', 'a segment is kept, and absent where none was given', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT));
    expectSame((await loadProfile(repository, ANNA)).segment, 'gold', 'the segment given');
    expectSame((await loadProfile(repository, BERT)).segment, undefined, 'the segment not given');
  });

  clause('create/id-taken', 'an id that is taken is answered, and its profile stays', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const before = await loadProfile(repository, ANNA);
    const again = creation(ANNA, { attributes: { Name: 'again' }, extensions: {}, at: UPDATED_AT, segment: 'again' });
    await expectObstacle(repository, [again], { outcome: 'id_taken', index: 0 });
    await expectObstacle(repository, [creation(BERT), again], { outcome: 'id_taken', index: 1 });
    expectSame(await loadProfile(repository, ANNA), before, 'the profile that has the id');
    await expectMissing(repository, BERT);
  });

  clause('create/after-deletion', 'an id is free again after a deletion, with nothing left', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }));
    await commitAll(repository, deletion(ANNA, 1));
    const again = creation(ANNA, { attributes: { Name: 'again' }, extensions: {}, at: UPDATED_AT });
    await commitAll(repository, again);
    expectSame(
      await loadProfile(repository, ANNA),
      {
        customerId: ANNA,
        revision: 1,
        attributes: { Name: 'again' },
        extensions: {},
        createdAt: UPDATED_AT,
        updatedAt: UPDATED_AT,
      },
      'the profile that was created anew',
    );
  });
};

import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectMissing, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, email, NEXT_INSTANT, TENANT, update } from '../sample-changes.js';
import { idsOf, stateOf } from '../stored-state.js';

const entries = [email(ANNA), city('Ulm')];

/** Changes of the kind `delete`. */
export const deleteClauses: ClauseGroup = (clause) => {
  clause('delete/gone', 'the profile is gone from every reading, another stays', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }), creation(BERT, { addEntries: [city('Ulm')] }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await expectMissing(repository, ANNA);
    const { profiles, holders } = await stateOf(repository, TENANT, entries);
    expectSame(idsOf(profiles), [BERT], 'the profiles that are left');
    expectSame(holders, [[], [BERT]], 'the profiles that are found');
  });

  clause('delete/entries-free', 'its unique entries are free again', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await commitAll(repository, creation(BERT, { addEntries: entries }));
    await expectHolders(repository, email(ANNA), [BERT]);
  });

  clause('delete/nothing-left', 'a profile created anew has no entry of the former one', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await commitAll(repository, creation(ANNA));
    await expectHolders(repository, email(ANNA), []);
    await expectHolders(repository, city('Ulm'), []);
  });

  clause('delete/revision-moved', 'another revision is answered, and the profile stays', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, update(ANNA, 1));
    const before = await loadProfile(repository, ANNA);
    const obstacle = { outcome: 'revision_moved', index: 0, revision: 2 } as const;
    for (const expected of [1, 3]) {
      await expectObstacle(repository, [deletion(ANNA, expected, { removeEntries: entries })], obstacle);
    }
    expectSame(await loadProfile(repository, ANNA), before, 'the profile after the refusals');
    await expectHolders(repository, email(ANNA), [ANNA]);
  });

  clause('delete/made-anew', 'a profile made anew under the same id stays', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await commitAll(repository, creation(ANNA, { at: NEXT_INSTANT, addEntries: entries }));
    const before = await loadProfile(repository, ANNA);
    const moved = { outcome: 'revision_moved', index: 0, revision: 1 } as const;
    await expectObstacle(repository, [deletion(ANNA, 1, { removeEntries: entries })], moved);
    expectSame(await loadProfile(repository, ANNA), before, 'the profile after the refusal');
    await expectHolders(repository, email(ANNA), [ANNA]);
    await commitAll(repository, deletion(ANNA, 1, { createdAt: NEXT_INSTANT, removeEntries: entries }));
    await expectMissing(repository, ANNA);
  });

  clause('delete/repeated', 'an id may come and go many times', async ({ repository }) => {
    for (let time = 1; time <= 10; time++) {
      await commitAll(repository, creation(ANNA, { addEntries: entries }));
      await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    }
    const { profiles, holders } = await stateOf(repository, TENANT, entries);
    expectSame([profiles, holders], [[], [[], []]], 'the profiles, and those that are found');
  });

  clause('delete/unknown', 'an unknown id is answered without a revision', async ({ repository }) => {
    await expectObstacle(repository, [deletion(ANNA, 1)], { outcome: 'revision_moved', index: 0 });
  });
};

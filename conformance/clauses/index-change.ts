import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectHolders, loadProfile } from '../expectations.js';
import { ANNA, BERT, CARL, city, creation, email, indexing, RECREATED_AT, update } from '../sample-changes.js';

/** Changes of the kind `index`. */
export const indexChangeClauses: ClauseGroup = (clause) => {
  clause('index/adds', 'adds entries and leaves the profile unchanged', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1));
    const before = await loadProfile(repository, ANNA);
    await commitAll(repository, indexing(ANNA, 2, [email(ANNA), city('Bonn')]));
    expectEqual(await loadProfile(repository, ANNA), before, 'the profile');
    for (const entry of [email(ANNA), city('Ulm'), city('Bonn')]) await expectHolders(repository, entry, [ANNA]);
  });

  clause('index/repeat', 'an entry that the profile already has changes nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
    await commitAll(repository, indexing(ANNA, 1, [email(ANNA), city('Ulm')]));
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), [ANNA]);
  });

  clause('index/nothing-new', 'a change that adds nothing new is checked like any other', async ({ repository }) => {
    const had = [email(ANNA), city('Ulm')];
    await commitAll(repository, creation(ANNA, { addEntries: had }), creation(CARL));
    await commitAll(repository, update(ANNA, 1));
    const moved = { outcome: 'revision_changed', index: 0, revision: 2 } as const;
    for (const entries of [had, had.slice(1), []]) {
      for (const expected of [1, 3]) await expectConflict(repository, [indexing(ANNA, expected, entries)], moved);
      const another = indexing(ANNA, 2, entries, { createdAt: RECREATED_AT });
      await expectConflict(repository, [another], moved);
      await expectConflict(repository, [indexing(CARL, 1, []), indexing(ANNA, 1, entries)], { ...moved, index: 1 });
      const newer = indexing(ANNA, 2, entries, { schemaVersion: 2 });
      await expectConflict(repository, [newer], { outcome: 'schema_changed', schemaVersion: 1 });
      await commitAll(repository, indexing(ANNA, 2, entries));
    }
    await expectConflict(repository, [indexing(BERT, 1, [])], { outcome: 'revision_changed', index: 0 });
    expectEqual((await loadProfile(repository, ANNA)).revision, 2, 'the revision');
  });

  clause('index/revision-moved', 'a wrong revision is refused, and no entry is added', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    const moved = { outcome: 'revision_changed', index: 0, revision: 2 } as const;
    for (const expected of [1, 3]) await expectConflict(repository, [indexing(ANNA, expected, [email(ANNA)])], moved);
    await expectConflict(repository, [indexing(BERT, 1, [email(BERT)])], { outcome: 'revision_changed', index: 0 });
    await expectHolders(repository, email(ANNA), []);
  });

  clause(
    'index/recreated',
    'an index change of the predecessor adds nothing to a recreated profile',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { at: RECREATED_AT }));
      const moved = { outcome: 'revision_changed', index: 0, revision: 1 } as const;
      await expectConflict(repository, [indexing(ANNA, 1, [email(ANNA)])], moved);
      await expectHolders(repository, email(ANNA), []);
      await commitAll(repository, indexing(ANNA, 1, [email(ANNA)], { createdAt: RECREATED_AT }));
      await expectHolders(repository, email(ANNA), [ANNA]);
    },
  );

  clause('index/entry-taken', 'a unique entry of another profile is refused', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }), creation(BERT));
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    await expectConflict(repository, [indexing(BERT, 1, [city('Ulm'), email(ANNA)])], taken);
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), []);
  });
};

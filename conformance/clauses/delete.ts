import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectHolders, expectMissing, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, email, RECREATED_AT, TENANT, update } from '../sample-changes.js';
import { idsOf, stateOf } from '../tenant-state.js';

const entries = [email(ANNA), city('Ulm')];

/** Changes of the kind `delete`. */
export const deleteClauses: ClauseGroup = (clause) => {
  clause('delete/gone', 'the profile disappears from every read, others remain', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }), creation(BERT, { addEntries: [city('Ulm')] }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await expectMissing(repository, ANNA);
    const { profiles, holders } = await stateOf(repository, TENANT, entries);
    expectEqual(idsOf(profiles), [BERT], 'the remaining profiles');
    expectEqual(holders, [[], [BERT]], 'the holders of the entries');
  });

  clause('delete/entries-released', 'its unique entries are released', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await commitAll(repository, creation(BERT, { addEntries: entries }));
    await expectHolders(repository, email(ANNA), [BERT]);
  });

  clause('delete/entries-removed', 'a recreated profile has none of the old entries', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    await commitAll(repository, creation(ANNA));
    await expectHolders(repository, email(ANNA), []);
    await expectHolders(repository, city('Ulm'), []);
  });

  clause(
    'delete/revision-moved',
    'a wrong revision is refused, and the profile is unchanged',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { addEntries: entries }));
      await commitAll(repository, update(ANNA, 1));
      const before = await loadProfile(repository, ANNA);
      const conflict = { outcome: 'revision_changed', index: 0, revision: 2 } as const;
      for (const expected of [1, 3]) {
        await expectConflict(repository, [deletion(ANNA, expected, { removeEntries: entries })], conflict);
      }
      expectEqual(await loadProfile(repository, ANNA), before, 'the profile after the refused deletions');
      await expectHolders(repository, email(ANNA), [ANNA]);
    },
  );

  clause(
    'delete/recreated',
    'a deletion of the predecessor leaves a recreated profile alone',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { addEntries: entries }));
      await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
      await commitAll(repository, creation(ANNA, { at: RECREATED_AT, addEntries: entries }));
      const before = await loadProfile(repository, ANNA);
      const moved = { outcome: 'revision_changed', index: 0, revision: 1 } as const;
      await expectConflict(repository, [deletion(ANNA, 1, { removeEntries: entries })], moved);
      expectEqual(await loadProfile(repository, ANNA), before, 'the profile after the refused deletion');
      await expectHolders(repository, email(ANNA), [ANNA]);
      await commitAll(repository, deletion(ANNA, 1, { createdAt: RECREATED_AT, removeEntries: entries }));
      await expectMissing(repository, ANNA);
    },
  );

  clause('delete/many-entries', 'a deletion removes a thousand entries of each key', async ({ repository }) => {
    const many = Array.from({ length: 1_000 }, (_, number) => [email(`a ${number}`), city(`c ${number}`)]).flat();
    await commitAll(repository, creation(ANNA, { addEntries: many }), creation(BERT));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: many }));
    // All at once: an entry that is left belongs to nobody, or to whoever is created under the same id.
    const unique = many.filter((entry) => entry.unique);
    await commitAll(repository, update(BERT, 1, { addEntries: unique }), creation(ANNA));
    for (const entry of many.slice(-2)) await expectHolders(repository, entry, entry.unique ? [BERT] : []);
    expectEqual(await repository.dropEntries(TENANT, 'idCity', 10_000), 0, 'the number of entries that are left');
  });

  clause('delete/repeated', 'an id can be created and deleted many times', async ({ repository }) => {
    for (let time = 1; time <= 10; time++) {
      await commitAll(repository, creation(ANNA, { addEntries: entries }));
      await commitAll(repository, deletion(ANNA, 1, { removeEntries: entries }));
    }
    const { profiles, holders } = await stateOf(repository, TENANT, entries);
    expectEqual([profiles, holders], [[], [[], []]], 'the profiles and the holders of the entries');
  });

  clause('delete/unknown', 'an unknown id is refused without a revision', async ({ repository }) => {
    await expectConflict(repository, [deletion(ANNA, 1)], { outcome: 'revision_changed', index: 0 });
  });
};

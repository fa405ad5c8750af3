import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectHolders, expectMissing, loadProfile } from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  deletion,
  digestOf,
  email,
  indexing,
  TENANT,
  update,
} from '../sample-changes.js';

/** Index entries: uniqueness, and how they are added, removed and transferred. */
export const entryClauses: ClauseGroup = (clause) => {
  clause('entries/unique', 'a unique entry of another profile is refused, and nothing changes', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }), creation(BERT));
    const before = await loadProfile(repository, BERT);
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    const addEntries = [city('Ulm'), email(ANNA)];
    await expectConflict(repository, [update(BERT, 1, { addEntries })], taken);
    await expectConflict(repository, [creation(CARL, { addEntries })], taken);
    expectEqual(await loadProfile(repository, BERT), before, 'the profile after the refused commits');
    await expectMissing(repository, CARL);
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), []);
  });

  clause('entries/unique', 'two changes of one commit cannot add the same unique entry', async ({ repository }) => {
    const addEntries = [email('shared')];
    const taken = { outcome: 'entry_taken', index: 1, key: 'idEmail' } as const;
    await expectConflict(repository, [creation(ANNA, { addEntries }), creation(BERT, { addEntries })], taken);
    await expectMissing(repository, ANNA);
    await expectHolders(repository, email('shared'), []);
  });

  clause('entries/unique', 'the result names the key of the taken entry', async ({ repository }) => {
    const taken = { key: 'idPhone', digest: digestOf('taken'), unique: true };
    await commitAll(repository, creation(ANNA, { addEntries: [taken, email('first')] }), creation(BERT));
    const conflict = { outcome: 'entry_taken', index: 0 } as const;
    for (const addEntries of [
      [email('free'), taken, { ...taken, digest: digestOf('free') }],
      [{ ...taken, digest: digestOf('free') }, taken, email('free')],
    ]) {
      await expectConflict(repository, [update(BERT, 1, { addEntries })], { ...conflict, key: 'idPhone' });
    }
    const addEntries = [{ ...taken, digest: digestOf('free') }, email('free'), email('first')];
    await expectConflict(repository, [update(BERT, 1, { addEntries })], { ...conflict, key: 'idEmail' });
    await expectHolders(repository, email('free'), []);
  });

  clause('entries/own', 'a profile can add a unique entry that it already has', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }));
    await commitAll(repository, update(ANNA, 1, { addEntries: [email(ANNA)] }));
    await expectHolders(repository, email(ANNA), [ANNA]);
    await commitAll(repository, update(ANNA, 2, { removeEntries: [email(ANNA)] }));
    await expectHolders(repository, email(ANNA), []);
  });

  clause('entries/own', 'entries that it already has can be added along with others', async ({ repository }) => {
    const had = [email(ANNA), city('Ulm')];
    await commitAll(repository, creation(ANNA, { addEntries: had }), creation(BERT));
    const addEntries = [...had, email('more'), city('Bonn')];
    await commitAll(repository, update(ANNA, 1, { addEntries }), update(BERT, 1, { addEntries: [city('Ulm')] }));
    for (const entry of addEntries) {
      await expectHolders(repository, entry, entry.digest === city('Ulm').digest ? [ANNA, BERT] : [ANNA]);
    }
  });

  clause('entries/own', 'an entry that is added twice is stored once', async ({ repository }) => {
    const twice = [email(ANNA), city('Ulm'), city('Ulm'), email(ANNA)];
    await commitAll(repository, creation(ANNA, { addEntries: twice }), creation(BERT));
    await expectHolders(repository, city('Ulm'), [ANNA]);
    await commitAll(repository, update(ANNA, 1, { removeEntries: [email(ANNA)] }));
    await commitAll(repository, update(BERT, 1, { addEntries: [email(ANNA)] }));
    expectEqual(await repository.dropEntries(TENANT, 'idCity', 10), 1, 'the number of stored entries');
  });

  clause('entries/non-unique', 'many profiles can share a non-unique entry', async ({ repository }) => {
    const addEntries = [city('Ulm')];
    await commitAll(repository, creation(BERT, { addEntries }), creation(ANNA, { addEntries }));
    await commitAll(repository, creation(CARL, { addEntries }));
    await expectHolders(repository, city('Ulm'), [ANNA, BERT, CARL]);
    await commitAll(repository, update(BERT, 1, { removeEntries: addEntries }));
    await expectHolders(repository, city('Ulm'), [ANNA, CARL]);
  });

  clause(
    'entries/update',
    'an update adds and removes the given entries and keeps the others',
    async ({ repository }) => {
      // The same digest under two keys; only one of the entries is removed.
      const twin = { ...city('Ulm'), key: 'idTown' };
      await commitAll(repository, creation(ANNA, { addEntries: [email('old'), city('Ulm'), city('Bonn'), twin] }));
      const moved = { addEntries: [email('new'), city('Kiel')], removeEntries: [email('old'), city('Ulm')] };
      await commitAll(repository, update(ANNA, 1, moved));
      for (const gone of moved.removeEntries) await expectHolders(repository, gone, []);
      for (const kept of [...moved.addEntries, city('Bonn'), twin]) await expectHolders(repository, kept, [ANNA]);
      await commitAll(repository, creation(BERT, { addEntries: [email('old')] }));
      await expectHolders(repository, email('old'), [BERT]);
    },
  );

  clause('entries/update', 'an update without entries keeps all', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1));
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), [ANNA]);
  });

  clause(
    'entries/remove-missing',
    'removing an entry that the profile does not have changes nothing',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }), creation(BERT));
      await commitAll(repository, update(BERT, 1, { removeEntries: [email(ANNA), city('Ulm'), city('Bonn')] }));
      await expectHolders(repository, email(ANNA), [ANNA]);
      await expectHolders(repository, city('Ulm'), [ANNA]);
    },
  );

  clause(
    'entries/transfer',
    'one commit can move a unique entry from one profile to another',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { addEntries: [email('moved')] }), creation(BERT), creation(CARL));
      await commitAll(
        repository,
        update(ANNA, 1, { removeEntries: [email('moved')] }),
        update(BERT, 1, { addEntries: [email('moved')] }),
      );
      await expectHolders(repository, email('moved'), [BERT]);
      await commitAll(
        repository,
        deletion(BERT, 2, { removeEntries: [email('moved')] }),
        update(CARL, 1, { addEntries: [email('moved')] }),
      );
      await expectHolders(repository, email('moved'), [CARL]);
      await commitAll(
        repository,
        deletion(CARL, 2, { removeEntries: [email('moved')] }),
        creation('dora', { addEntries: [email('moved')] }),
      );
      await expectHolders(repository, email('moved'), ['dora']);
    },
  );

  clause('entries/transfer', 'unique entries can move along a chain, each to one profile', async ({ repository }) => {
    const [one, other] = [email('one'), email('other')];
    await commitAll(
      repository,
      creation(ANNA, { addEntries: [one] }),
      creation(BERT, { addEntries: [other] }),
      creation(CARL),
      creation('dora'),
    );
    const chain = [
      update(ANNA, 1, { removeEntries: [one] }),
      update(BERT, 1, { removeEntries: [other], addEntries: [one] }),
    ];
    const taken = { outcome: 'entry_taken', index: 2, key: 'idEmail' } as const;
    await expectConflict(repository, [...chain, update(CARL, 1, { addEntries: [one] })], taken);
    // Carl does not have the entries that he removes, so they are not released for Dora.
    const ofOthers = update(CARL, 1, { removeEntries: [one, other] });
    const early = { ...taken, index: 1 };
    await expectConflict(repository, [ofOthers, update('dora', 1, { addEntries: [other] })], early);
    await commitAll(repository, ...chain, update(CARL, 1, { addEntries: [other] }));
    await expectHolders(repository, one, [BERT]);
    await expectHolders(repository, other, [CARL]);
  });

  clause('entries/many', 'a change can add and remove a thousand entries of each key', async ({ repository }) => {
    const many = Array.from({ length: 1_000 }, (_, number) => [
      city(`city ${number}`),
      email(`address ${number}`),
    ]).flat();
    const of = (key: string) => repository.dropEntries(TENANT, key, 10_000);
    await commitAll(repository, creation(ANNA, { addEntries: many }), creation(BERT));
    for (const entry of many.slice(-2)) await expectHolders(repository, entry, [ANNA]);
    await commitAll(repository, update(ANNA, 1, { addEntries: [city('Ulm')], removeEntries: many }));
    for (const entry of many.slice(-2)) await expectHolders(repository, entry, []);
    expectEqual([await of('idCity'), await of('idEmail')], [1, 0], 'the numbers of remaining entries');
    const nonUnique = many.filter((entry) => !entry.unique);
    await commitAll(repository, indexing(BERT, 1, nonUnique));
    for (const entry of nonUnique.slice(-2)) await expectHolders(repository, entry, [BERT]);
    expectEqual(await of('idCity'), 1_000, 'the number of added entries');
  });
};

import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectMissing, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, CARL, city, creation, deletion, digestOf, email, TENANT, update } from '../sample-changes.js';

/** Index entries: who may have them, and how they move. */
export const entryClauses: ClauseGroup = (clause) => {
  clause('entries/unique', 'a unique entry of another profile is answered, and nothing changes', async (context) => {
    const { repository } = context;
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }), creation(BERT));
    const before = await loadProfile(repository, BERT);
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    const addEntries = [city('Ulm'), email(ANNA)];
    await expectObstacle(repository, [update(BERT, 1, { addEntries })], taken);
    await expectObstacle(repository, [creation(CARL, { addEntries })], taken);
    expectSame(await loadProfile(repository, BERT), before, 'the profile after the refusal');
    await expectMissing(repository, CARL);
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), []);
  });

  clause('entries/unique', 'two changes of one commit cannot add the same unique entry', async ({ repository }) => {
    const addEntries = [email('shared')];
    const taken = { outcome: 'entry_taken', index: 1, key: 'idEmail' } as const;
    await expectObstacle(repository, [creation(ANNA, { addEntries }), creation(BERT, { addEntries })], taken);
    await expectMissing(repository, ANNA);
    await expectHolders(repository, email('shared'), []);
  });

  clause('entries/own', 'a profile may add the unique entry that it has already', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }));
    await commitAll(repository, update(ANNA, 1, { addEntries: [email(ANNA)] }));
    await expectHolders(repository, email(ANNA), [ANNA]);
    await commitAll(repository, update(ANNA, 2, { removeEntries: [email(ANNA)] }));
    await expectHolders(repository, email(ANNA), []);
  });

  clause('entries/own', 'an entry that is added twice is there once', async ({ repository }) => {
    const twice = [email(ANNA), city('Ulm'), city('Ulm'), email(ANNA)];
    await commitAll(repository, creation(ANNA, { addEntries: twice }), creation(BERT));
    await expectHolders(repository, city('Ulm'), [ANNA]);
    await commitAll(repository, update(ANNA, 1, { removeEntries: [email(ANNA)] }));
    await commitAll(repository, update(BERT, 1, { addEntries: [email(ANNA)] }));
    expectSame(await repository.dropEntries(TENANT, 'idCity', 10), 1, 'the number of entries that were there');
  });

  clause('entries/plain', 'many profiles may share a plain entry', async ({ repository }) => {
    const addEntries = [city('Ulm')];
    await commitAll(repository, creation(BERT, { addEntries }), creation(ANNA, { addEntries }));
    await commitAll(repository, creation(CARL, { addEntries }));
    await expectHolders(repository, city('Ulm'), [ANNA, BERT, CARL]);
    await commitAll(repository, update(BERT, 1, { removeEntries: addEntries }));
    await expectHolders(repository, city('Ulm'), [ANNA, CARL]);
  });

  clause('entries/update', 'an update adds and removes entries, and leaves the others', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email('old'), city('Ulm'), city('Bonn')] }));
    const moved = { addEntries: [email('new'), city('Kiel')], removeEntries: [email('old'), city('Ulm')] };
    await commitAll(repository, update(ANNA, 1, moved));
    for (const gone of moved.removeEntries) await expectHolders(repository, gone, []);
    for (const kept of [...moved.addEntries, city('Bonn')]) await expectHolders(repository, kept, [ANNA]);
    await commitAll(repository, creation(BERT, { addEntries: [email('old')] }));
    await expectHolders(repository, email('old'), [BERT]);
  });

  clause('entries/update', 'an update without entries leaves all as they are', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1));
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, city('Ulm'), [ANNA]);
  });

  clause(
    'entries/remove-missing',
    'removing an entry that the profile has not changes nothing',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }), creation(BERT));
      await commitAll(repository, update(BERT, 1, { removeEntries: [email(ANNA), city('Ulm'), city('Bonn')] }));
      await expectHolders(repository, email(ANNA), [ANNA]);
      await expectHolders(repository, city('Ulm'), [ANNA]);
    },
  );

  clause('entries/handed-over', 'one commit may free a unique entry and give it to another', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email('handed')] }), creation(BERT), creation(CARL));
    await commitAll(
      repository,
      update(ANNA, 1, { removeEntries: [email('handed')] }),
      update(BERT, 1, { addEntries: [email('handed')] }),
    );
    await expectHolders(repository, email('handed'), [BERT]);
    await commitAll(
      repository,
      deletion(BERT, 2, { removeEntries: [email('handed')] }),
      update(CARL, 1, { addEntries: [email('handed')] }),
    );
    await expectHolders(repository, email('handed'), [CARL]);
  });

  clause('entries/many', 'a profile may have a thousand entries, and lose them all', async ({ repository }) => {
    const many = Array.from({ length: 500 }, (_, number) => [
      city(`city ${number}`),
      email(`address ${number}`),
    ]).flat();
    await commitAll(repository, creation(ANNA, { addEntries: many }));
    for (const entry of many.slice(-2)) await expectHolders(repository, entry, [ANNA]);
    await commitAll(repository, update(ANNA, 1, { addEntries: [city('Ulm')], removeEntries: many }));
    for (const entry of many.slice(-2)) await expectHolders(repository, entry, []);
    expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 1, 'the number of entries that were left');
  });

  clause('entries/bytes', 'keys and digests are compared byte for byte', async ({ repository }) => {
    const digest = digestOf('value');
    const almost = `${digest.slice(0, -1)}1`;
    const keys = ['key', 'Key', 'KEY', 'key ', ' key', 'k_y', 'k%y', "k'y", 'k\\y', '__proto__', 'k'.repeat(100)];
    const entries = keys.flatMap((key) => [
      { key, digest, unique: true },
      { key, digest: almost, unique: true },
    ]);
    const idOf = (index: number) => `profile-${index}`;
    await commitAll(repository, ...entries.map((entry, index) => creation(idOf(index), { addEntries: [entry] })));
    for (const [index, entry] of entries.entries()) await expectHolders(repository, entry, [idOf(index)]);
  });
};

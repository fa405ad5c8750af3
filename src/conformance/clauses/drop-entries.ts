import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectSame } from '../expectations.js';
import { race } from '../racing.js';
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
import { stateOf } from '../stored-state.js';

/** `dropEntries`. */
export const dropEntriesClauses: ClauseGroup = (clause) => {
  clause('drop-entries/all', 'the entries of one key go, of others and the profiles stay', async ({ repository }) => {
    await commitAll(
      repository,
      creation(ANNA, { addEntries: [email(ANNA), city('Ulm'), city('Bonn')] }),
      creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
    );
    const { profiles } = await stateOf(repository, TENANT);
    expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 3, 'the number of dropped entries');
    await expectHolders(repository, city('Ulm'), []);
    await expectHolders(repository, city('Bonn'), []);
    await expectHolders(repository, email(ANNA), [ANNA]);
    await expectHolders(repository, email(BERT), [BERT]);
    expectSame((await stateOf(repository, TENANT)).profiles, profiles, 'the profiles');
    expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 0, 'the number dropped the second time');
  });

  clause('drop-entries/limit', 'at most so many go at a time, and fewer mean the end', async ({ repository }) => {
    const ids = Array.from({ length: 5 }, (_, index) => `profile-${index}`);
    const addEntries = [city('Ulm')];
    await commitAll(repository, ...ids.map((id) => creation(id, { addEntries: [email(id), ...addEntries] })));
    for (const key of ['idCity', 'idEmail']) {
      const dropped: number[] = [];
      for (let call = 0; call < 3; call++) dropped.push(await repository.dropEntries(TENANT, key, 2));
      expectSame(dropped, [2, 2, 1], `the numbers of dropped entries of ${key}`);
    }
    await expectHolders(repository, city('Ulm'), []);
  });

  clause('drop-entries/many', 'thousands go in one call, as many as the limit allows', async ({ repository }) => {
    const ids = [ANNA, BERT, CARL];
    const addEntries = Array.from({ length: 700 }, (_, number) => city(`city ${number}`));
    await commitAll(repository, ...ids.map((id) => creation(id, { addEntries })));
    expectSame(await repository.dropEntries(TENANT, 'idCity', 1_501), 1_501, 'the number of dropped entries');
    expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 599, 'the number of those that were left');
  });

  clause('drop-entries/bytes', 'the entries of a key whose name contains the other stay', async ({ repository }) => {
    const keys = [
      'k',
      'K',
      'k ',
      ' k',
      'kk',
      'k/k',
      'k:k',
      'k.k',
      'k-k',
      'k_k',
      'k|k',
      'k,k',
      'k\\k',
      'k%',
      'k_',
      'k*',
      '%',
      '*',
    ];
    const entries = keys.map((key) => ({ key, digest: digestOf('value'), unique: false }));
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    for (const [index, { key }] of entries.entries()) {
      expectSame(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of "${key}"`);
      for (const entry of entries.slice(index + 1)) await expectHolders(repository, entry, [ANNA]);
    }
  });

  clause('drop-entries/unknown', 'a key that nobody has drops nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [city('Ulm')] }));
    expectSame(await repository.dropEntries(TENANT, 'idcity', 10), 0, 'the number of dropped entries');
    expectSame(await repository.dropEntries('3', 'idCity', 10), 0, 'the number dropped in a tenant that has none');
    await expectHolders(repository, city('Ulm'), [ANNA]);
  });

  clause('drop-entries/free', 'a dropped unique entry is free', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email('shared')] }));
    await repository.dropEntries(TENANT, 'idEmail', 10);
    await commitAll(repository, creation(CARL, { addEntries: [email('shared')] }));
    await expectHolders(repository, email('shared'), [CARL]);
  });

  clause(
    'drop-entries/again',
    'a dropped entry may be added again, also to the same profile',
    async ({ repository }) => {
      const entries = [email(ANNA), city('Ulm')];
      await commitAll(
        repository,
        creation(ANNA, { addEntries: entries }),
        creation(BERT, { addEntries: [city('Ulm')] }),
      );
      for (const key of ['idEmail', 'idCity']) await repository.dropEntries(TENANT, key, 10);
      await commitAll(repository, update(ANNA, 1, { addEntries: [email(ANNA)] }), indexing(BERT, 1, [city('Ulm')]));
      await commitAll(repository, indexing(ANNA, 2, [city('Ulm')]));
      await expectHolders(repository, email(ANNA), [ANNA]);
      await expectHolders(repository, city('Ulm'), [ANNA, BERT]);
      await repository.dropEntries(TENANT, 'idEmail', 10);
      await commitAll(repository, deletion(ANNA, 2, { removeEntries: entries }));
      await expectHolders(repository, city('Ulm'), [BERT]);
    },
  );

  clause('drop-entries/racing', 'of calls at the same time each counts what it removed', async (context) => {
    const { repository } = context;
    const ids = Array.from({ length: 60 }, (_, index) => `profile-${index}`);
    await commitAll(repository, creation(ANNA), ...ids.map((id) => creation(id, { addEntries: [city('Ulm')] })));
    const results = await race(context, 8, async (connection, racer) => {
      if (racer < 2) {
        await commitAll(connection, creation(`other-${racer}`, { addEntries: [email(`other ${racer}`)] }));
        return 0;
      }
      let dropped = 0;
      for (let last = 7; last === 7; dropped += last) last = await connection.dropEntries(TENANT, 'idCity', 7);
      return dropped;
    });
    const sum = results.reduce((one, other) => one + other, 0);
    expectSame(sum, ids.length, 'the number of entries dropped by all racers');
    const { holders } = await stateOf(repository, TENANT, [city('Ulm'), email('other 0'), email('other 1')]);
    expectSame(holders, [[], ['other-0'], ['other-1']], 'the profiles that are found');
  });
};

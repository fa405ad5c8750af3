import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectSame } from '../expectations.js';
import { ANNA, BERT, CARL, city, creation, email, TENANT } from '../sample-changes.js';
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
};

import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectHolders, expectSame } from '../expectations.js';
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

/** More than the parameters that a statement of any database may have, by five and by four to an entry. */
const MANY = 17_000;

/** All printable ASCII characters that are neither letters nor digits. */
const SIGNS = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
  (character) => !/[a-z0-9]/i.test(character),
);

/** `dropEntries`. */
export const dropEntriesClauses: ClauseGroup = (clause) => {
  clause(
    'drop-entries/all',
    'the entries of one key go, of others and the profiles stay',
    async ({ repository, rival }) => {
      await commitAll(
        repository,
        creation(ANNA, { addEntries: [email(ANNA), city('Ulm'), city('Bonn')] }),
        creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
      );
      const { profiles } = await stateOf(repository, TENANT);
      await expectHolders(rival, city('Ulm'), [ANNA, BERT]);
      expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 3, 'the number of dropped entries');
      for (const reader of [rival, repository]) await expectHolders(reader, city('Ulm'), []);
      await expectHolders(repository, city('Bonn'), []);
      await expectHolders(repository, email(ANNA), [ANNA]);
      await expectHolders(repository, email(BERT), [BERT]);
      expectSame((await stateOf(repository, TENANT)).profiles, profiles, 'the profiles');
      expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 0, 'the number dropped the second time');
    },
  );

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

  clause('drop-entries/digests', 'entries go whatever their digests begin with', async ({ repository }) => {
    const digests = Array.from('0123456789abcdef', (digit) => [digit.repeat(64), digit.padEnd(64, '0')]).flat();
    const addEntries = digests.map((digest) => ({ ...city('Ulm'), digest }));
    await commitAll(repository, creation(ANNA, { addEntries }));
    const distinct = new Set(digests).size;
    expectSame(await repository.dropEntries(TENANT, 'idCity', 100), distinct, 'the number of dropped entries');
    for (const entry of addEntries) await expectHolders(repository, entry, []);
  });

  clause(
    'drop-entries/many',
    'one commit adds many thousands, and one call drops ten of them',
    async ({ repository }) => {
      const ids = Array.from({ length: MANY / 1_000 }, (_, number) => `profile-${number}`);
      const addEntries = Array.from({ length: 1_000 }, (_, number) => city(`city ${number}`));
      await commitAll(repository, ...ids.map((id) => creation(id, { addEntries })));
      for (const entry of addEntries.slice(-2)) await expectHolders(repository, entry, [...ids].sort());
      expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), 10_000, 'the number of dropped entries');
      expectSame(await repository.dropEntries(TENANT, 'idCity', 1_501), 1_501, 'the number of those dropped next');
      expectSame(await repository.dropEntries(TENANT, 'idCity', 10_000), MANY - 11_501, 'the number of those left');
    },
  );

  clause('drop-entries/bytes', 'the entries of a key whose name contains the other stay', async ({ repository }) => {
    const keys = ['k', 'K', 'k ', ' k', 'kk', 'k%', 'k_', 'k*', '%', '*'];
    const entries = keys.map((key) => ({ key, digest: digestOf('value'), unique: false }));
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    for (const [index, { key }] of entries.entries()) {
      expectSame(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of "${key}"`);
      for (const entry of entries.slice(index + 1)) await expectHolders(repository, entry, [ANNA]);
    }
  });

  clause('drop-entries/bytes', 'no sign in a key ends it', async ({ repository }) => {
    const digest = digestOf('value');
    // Whatever a store puts between the parts of a name, these read as another key with a part of what follows.
    const keys = ['k', ...SIGNS.flatMap((sign) => [`k${sign}`, `k${sign}k`, `${sign}k`, `k${sign}${digest}`])];
    const entries = keys.map((key) => ({ key, digest, unique: false }));
    const elsewhere = { key: 'k', digest: digestOf('elsewhere'), unique: false };
    await commitSchemaVersion(repository, 1, '3');
    const ofTenant = SIGNS.map((sign) => ({ ...elsewhere, key: `k${sign}${TENANT}` }));
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await commitAll(repository, creation(ANNA, { tenantId: '3', addEntries: [elsewhere, ...ofTenant] }));
    await expectHolders(repository, elsewhere, []);
    for (const entry of entries.slice(0, 5)) await expectHolders(repository, entry, [ANNA]);
    for (const key of keys) {
      expectSame(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of "${key}"`);
    }
    for (const { key } of [elsewhere, ...ofTenant]) {
      expectSame(
        await repository.dropEntries('3', key, 10_000),
        1,
        `the number of those of another tenant, of "${key}"`,
      );
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
      // One that always answers the limit would never come to an end.
      for (let last = 7; last === 7 && dropped <= ids.length; dropped += last) {
        last = await connection.dropEntries(TENANT, 'idCity', 7);
      }
      await expectHolders(connection, city('Ulm'), []);
      return dropped;
    });
    const sum = results.reduce((one, other) => one + other, 0);
    expectSame(sum, ids.length, 'the number of entries dropped by all racers');
    const { holders } = await stateOf(repository, TENANT, [city('Ulm'), email('other 0'), email('other 1')]);
    expectSame(holders, [[], ['other-0'], ['other-1']], 'the profiles that are found');
  });
};

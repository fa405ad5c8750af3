import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { commitAll, commitSchemaVersion, expectCommitted, expectEqual, expectHolders } from '../expectations.js';
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
import { stateOf } from '../tenant-state.js';

/** At four or five parameters per entry, this exceeds the parameter limit of every database. */
const ENTRY_COUNT = 17_000;

/** All printable ASCII characters except letters and digits: any of them may separate the parts of a composed name. */
const SEPARATORS = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
  (character) => !/[a-z0-9]/i.test(character),
);

/** `dropEntries`. */
export const dropEntriesClauses: ClauseGroup = (clause) => {
  clause(
    'drop-entries/all',
    'removes the entries of one key; other entries and profiles remain',
    async ({ repository, secondConnection }) => {
      await commitAll(
        repository,
        creation(ANNA, { addEntries: [email(ANNA), city('Ulm'), city('Bonn')] }),
        creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
      );
      const { profiles } = await stateOf(repository, TENANT);
      await expectHolders(secondConnection, city('Ulm'), [ANNA, BERT]);
      expectEqual(await repository.dropEntries(TENANT, 'idCity', 10_000), 3, 'the number of dropped entries');
      for (const reader of [secondConnection, repository]) await expectHolders(reader, city('Ulm'), []);
      await expectHolders(repository, city('Bonn'), []);
      await expectHolders(repository, email(ANNA), [ANNA]);
      await expectHolders(repository, email(BERT), [BERT]);
      expectEqual((await stateOf(repository, TENANT)).profiles, profiles, 'the profiles');
      expectEqual(
        await repository.dropEntries(TENANT, 'idCity', 10_000),
        0,
        'the number of entries dropped by the second call',
      );
    },
  );

  clause(
    'drop-entries/limit',
    'removes at most `limit` entries; fewer means that none is left',
    async ({ repository }) => {
      const ids = Array.from({ length: 5 }, (_, index) => `profile-${index}`);
      const addEntries = [city('Ulm')];
      await commitAll(repository, ...ids.map((id) => creation(id, { addEntries: [email(id), ...addEntries] })));
      for (const key of ['idCity', 'idEmail']) {
        const dropped: number[] = [];
        for (let call = 0; call < 3; call++) dropped.push(await repository.dropEntries(TENANT, key, 2));
        expectEqual(dropped, [2, 2, 1], `the numbers of dropped entries of ${key}`);
      }
      await expectHolders(repository, city('Ulm'), []);
    },
  );

  clause('drop-entries/digests', 'removes entries with any leading digit in their digest', async ({ repository }) => {
    const digests = Array.from('0123456789abcdef', (digit) => [digit.repeat(64), digit.padEnd(64, '0')]).flat();
    const addEntries = digests.map((digest) => ({ ...city('Ulm'), digest }));
    await commitAll(repository, creation(ANNA, { addEntries }));
    const distinct = new Set(digests).size;
    expectEqual(await repository.dropEntries(TENANT, 'idCity', 100), distinct, 'the number of dropped entries');
    for (const entry of addEntries) await expectHolders(repository, entry, []);
  });

  clause('drop-entries/many', 'one commit adds 17,000 entries, one call drops 10,000', async ({ repository }) => {
    const ids = Array.from({ length: ENTRY_COUNT / 1_000 }, (_, number) => `profile-${number}`);
    const addEntries = Array.from({ length: 1_000 }, (_, number) => city(`city ${number}`));
    await commitAll(repository, ...ids.map((id) => creation(id, { addEntries })));
    for (const entry of addEntries.slice(-2)) await expectHolders(repository, entry, [...ids].sort());
    expectEqual(await repository.dropEntries(TENANT, 'idCity', 10_000), 10_000, 'the number of dropped entries');
    expectEqual(
      await repository.dropEntries(TENANT, 'idCity', 1_501),
      1_501,
      'the number of entries dropped by the second call',
    );
    expectEqual(
      await repository.dropEntries(TENANT, 'idCity', 10_000),
      ENTRY_COUNT - 11_501,
      'the number of entries dropped by the last call',
    );
  });

  clause('drop-entries/bytes', 'keys are compared byte for byte, not by prefix or pattern', async ({ repository }) => {
    const keys = ['k', 'K', 'k ', ' k', 'kk', 'k%', 'k_', 'k*', '%', '*'];
    const entries = keys.map((key) => ({ key, digest: digestOf('value'), unique: false }));
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    for (const [index, { key }] of entries.entries()) {
      expectEqual(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of "${key}"`);
      for (const entry of entries.slice(index + 1)) await expectHolders(repository, entry, [ANNA]);
    }
  });

  clause('drop-entries/bytes', 'no character of a key acts as a separator', async ({ repository }) => {
    const digest = digestOf('value');
    // Whatever separator a store uses in composed names, one of these keys looks like another key plus what follows it.
    const keys = ['k', ...SEPARATORS.flatMap((sign) => [`k${sign}`, `k${sign}k`, `${sign}k`, `k${sign}${digest}`])];
    const entries = keys.map((key) => ({ key, digest, unique: false }));
    const elsewhere = { key: 'k', digest: digestOf('elsewhere'), unique: false };
    await commitSchemaVersion(repository, 1, '3');
    const ofTenant = SEPARATORS.map((sign) => ({ ...elsewhere, key: `k${sign}${TENANT}` }));
    await commitAll(repository, creation(ANNA, { addEntries: entries }));
    await expectCommitted(repository, [creation(ANNA, { addEntries: [elsewhere, ...ofTenant] })], { tenantId: '3' });
    await expectHolders(repository, elsewhere, []);
    for (const entry of entries.slice(0, 5)) await expectHolders(repository, entry, [ANNA]);
    for (const key of keys) {
      expectEqual(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of "${key}"`);
    }
    for (const { key } of [elsewhere, ...ofTenant]) {
      expectEqual(
        await repository.dropEntries('3', key, 10_000),
        1,
        `the number of dropped entries of "${key}" in another tenant`,
      );
    }
  });

  clause('drop-entries/unknown', 'an unknown key drops nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [city('Ulm')] }));
    expectEqual(await repository.dropEntries(TENANT, 'idcity', 10), 0, 'the number of dropped entries');
    expectEqual(await repository.dropEntries('3', 'idCity', 10), 0, 'the number of entries dropped in an empty tenant');
    await expectHolders(repository, city('Ulm'), [ANNA]);
  });

  clause('drop-entries/released', 'a dropped unique entry can be taken by another profile', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email('shared')] }));
    await repository.dropEntries(TENANT, 'idEmail', 10);
    await commitAll(repository, creation(CARL, { addEntries: [email('shared')] }));
    await expectHolders(repository, email('shared'), [CARL]);
  });

  clause(
    'drop-entries/re-added',
    'a dropped entry can be added again, also to the same profile',
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

  clause('drop-entries/writers', 'commits beside it are kept, but for the entries of the key', async (context) => {
    const { repository } = context;
    const ids = Array.from({ length: 6 }, (_, index) => `profile-${index}`);
    const cities = Array.from({ length: 10 }, (_, number) => city(`city ${number}`));
    await commitAll(repository, ...ids.map((id) => creation(id, { addEntries: [...cities, email(`${id} 1`)] })));
    await race(context, ids.length + 2, async (connection, racer) => {
      const id = ids[racer - 2];
      for (let revision = 1; revision <= 8; revision++) {
        if (id === undefined) {
          await connection.dropEntries(TENANT, 'idCity', 7);
          continue;
        }
        const [removed = city('Ulm'), added = city('Ulm')] = [cities[revision], cities[revision - 1]];
        const next = update(id, revision, {
          attributes: { Revision: revision + 1 },
          extensions: { Log: [{ Revision: revision + 1 }] },
          addEntries: [email(`${id} ${revision + 1}`), added],
          removeEntries: [email(`${id} ${revision}`), removed],
        });
        await commitAll(connection, next);
      }
    });
    for (let last = 100; last === 100; ) last = await repository.dropEntries(TENANT, 'idCity', 100);
    const last = ids.map((id) => email(`${id} 9`));
    const { profiles, holders } = await stateOf(repository, TENANT, [...last, ...cities]);
    expectEqual(
      profiles.map(({ customerId, revision, attributes, extensions }) => [
        customerId,
        revision,
        attributes,
        extensions,
      ]),
      ids.map((id) => [id, 9, { Revision: 9 }, { Log: [{ Revision: 9 }] }]),
      'the profiles',
    );
    expectEqual(holders, [...ids.map((id) => [id]), ...cities.map(() => [])], 'the holders of the entries');
    expectEqual(await repository.dropEntries(TENANT, 'idEmail', 100), ids.length, 'the number of unique entries');
  });

  clause('drop-entries/racing', 'concurrent calls each count the entries that they removed', async (context) => {
    const { repository } = context;
    const ids = Array.from({ length: 60 }, (_, index) => `profile-${index}`);
    await commitAll(repository, creation(ANNA), ...ids.map((id) => creation(id, { addEntries: [city('Ulm')] })));
    const results = await race(context, 8, async (connection, racer) => {
      if (racer < 2) {
        await commitAll(connection, creation(`other-${racer}`, { addEntries: [email(`other ${racer}`)] }));
        return 0;
      }
      let dropped = 0;
      // The bound stops a repository that always returns the limit.
      for (let last = 7; last === 7 && dropped <= ids.length; dropped += last) {
        last = await connection.dropEntries(TENANT, 'idCity', 7);
      }
      await expectHolders(connection, city('Ulm'), []);
      return dropped;
    });
    const sum = results.reduce((one, other) => one + other, 0);
    expectEqual(sum, ids.length, 'the number of entries dropped by all concurrent calls');
    const { holders } = await stateOf(repository, TENANT, [city('Ulm'), email('other 0'), email('other 1')]);
    expectEqual(holders, [[], ['other-0'], ['other-1']], 'the holders of the entries');
  });
};

import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectHolders, expectSame, loadProfile } from '../expectations.js';
import {
  ANNA,
  BERT,
  BYSTANDER,
  CARL,
  city,
  creation,
  deletion,
  digestOf,
  email,
  indexing,
  sampleSchema,
  TENANT,
  update,
} from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

/** Ids of tenants that begin or end with each other, or that differ by less than a store may compare. */
const SIMILAR: readonly string[] = [
  't',
  'T',
  '01',
  '001',
  '10',
  '1.0',
  '1e0',
  '__proto__',
  'constructor',
  '1_',
  '12',
  '.',
  '..',
  '~',
  '-',
  '0',
  '00',
  'null',
  'undefined',
  'default',
  'schemas',
  'toString',
  'x'.repeat(64),
  `${'x'.repeat(63)}y`,
];

/**
 * That tenants are sealed off from each other (R17). The bystander has Anna, Bert and Carl with their e-mail addresses
 * in Ulm; its state is compared after each test.
 */
export const tenantClauses: ClauseGroup = (clause) => {
  clause('tenants/reading', 'nothing of another tenant is read', async ({ repository }) => {
    expectSame(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1 }, 'load');
    expectSame(await repository.page(TENANT, { limit: 10 }), [], 'page');
    await expectHolders(repository, email(ANNA), []);
    await expectHolders(repository, city('Ulm'), []);
    expectSame(await repository.load(TENANT, CARL, { extensions: false }), { schemaVersion: 1 }, 'load');
  });

  clause('tenants/same-ids', 'profiles of two tenants with one id are two profiles', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    expectSame((await loadProfile(repository, ANNA)).attributes, creation(ANNA).attributes, 'the own profile');
    const other = await loadProfile(repository, ANNA, BYSTANDER);
    expectSame(other.attributes, { Name: 'Bystander' }, 'the profile of the other tenant');
    expectSame((await repository.page(TENANT, { limit: 10 })).length, 1, 'the number of own profiles');
  });

  clause('tenants/update', 'an update changes the own profile alone', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1, { extensions: {}, segment: 'own' }));
  });

  clause('tenants/delete', 'a deletion deletes the own profile and entries alone', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: [email(ANNA), city('Ulm')] }));
  });

  clause('tenants/refusals', 'a profile of another tenant is none of the own', async ({ repository }) => {
    const missing = { outcome: 'revision_moved', index: 0 };
    for (const change of [update(ANNA, 1), deletion(ANNA, 1), indexing(ANNA, 1, [city('Bonn')]), update(CARL, 2)]) {
      expectSame(await repository.commit([change]), missing, `the answer to a change of the kind ${change.kind}`);
    }
  });

  clause('tenants/entries', 'a unique entry may be had once in each tenant', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(BERT)] }), creation(BERT));
    await commitAll(repository, indexing(BERT, 1, [email(CARL), city('Ulm')]));
    await expectHolders(repository, email(BERT), [ANNA]);
    await expectHolders(repository, city('Ulm'), [BERT]);
    await commitAll(repository, update(ANNA, 1, { removeEntries: [email(BERT)], addEntries: [email(ANNA)] }));
    await expectHolders(repository, email(BERT), [BERT], BYSTANDER);
  });

  clause('tenants/drop-entries', 'dropped entries are the own alone', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [city('Ulm'), email(ANNA)] }));
    for (const key of ['idCity', 'idEmail']) {
      expectSame(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of ${key}`);
    }
  });

  clause('tenants/schema', 'schemas and their versions are counted for each tenant', async ({ repository }) => {
    expectSame((await repository.loadSchema(BYSTANDER))?.version, 2, 'the version of the other tenant');
    expectSame((await repository.loadSchema(TENANT))?.version, 1, 'the own version');
    await commitSchemaVersion(repository, 2);
    await commitSchemaVersion(repository, 3);
    expectSame(await repository.loadSchema('3'), undefined, 'the schema of a tenant without one');
    await commitSchemaVersion(repository, 1, '3');
    await commitAll(repository, creation(ANNA, { tenantId: '3' }), creation(BERT, { tenantId: '3' }));
  });

  clause('tenants/composed', 'names that are put together differently are different', async ({ repository }) => {
    const digest = digestOf('value');
    // Each separator has tenants of its own, which begin or end with it.
    const withSeparator = (tenantId: string, separator: string) =>
      tenantId.startsWith('a') ? `${separator}x${tenantId}` : `${tenantId}x${separator}`;
    for (const separator of ['.', '_', '-', '~', '']) {
      const joined = (...parts: string[]) => parts.join(separator);
      // Put together with the separator, each tenant with its key and its customer id reads the same.
      const places = [
        { tenantId: 'a', key: joined('a', 'a'), customerId: joined('a', 'a', 'b') },
        { tenantId: joined('a', 'a'), key: 'a', customerId: joined('a', 'b') },
        { tenantId: joined('a', 'a', 'a'), key: joined('a', 'a'), customerId: 'b' },
        // The same, where the tenant comes last.
        { tenantId: joined('c'), key: joined('d', 'c', 'c'), customerId: joined('d', 'c', 'c') },
        { tenantId: joined('c', 'c'), key: joined('d', 'c'), customerId: joined('d', 'c') },
        { tenantId: joined('c', 'c', 'c'), key: 'd', customerId: 'd' },
      ].map((place) => ({ ...place, tenantId: withSeparator(place.tenantId, separator) }));
      for (const { tenantId, key, customerId } of places) {
        await commitSchemaVersion(repository, 1, tenantId);
        const addEntries = [{ key, digest, unique: true }];
        await commitAll(
          repository,
          creation(customerId, { tenantId, attributes: { Name: tenantId }, addEntries }),
          creation('same', { tenantId, addEntries: [{ key, digest: digestOf('same'), unique: false }] }),
        );
      }
      for (const { tenantId, key, customerId } of places) {
        const { attributes } = await loadProfile(repository, customerId, tenantId);
        expectSame(attributes, { Name: tenantId }, `the profile of the tenant ${tenantId}`);
        expectSame(
          (await repository.page(tenantId, { limit: 10 })).length,
          2,
          `the profiles of the tenant ${tenantId}`,
        );
        await expectHolders(repository, { key, digest, unique: true }, [customerId], tenantId);
        await expectHolders(repository, { key, digest: digestOf('same'), unique: false }, ['same'], tenantId);
        expectSame(await repository.dropEntries(tenantId, key, 10_000), 2, `the entries of the tenant ${tenantId}`);
      }
    }
  });

  clause('tenants/bytes', 'tenant ids are compared byte for byte', async ({ repository }) => {
    for (const tenantId of SIMILAR) {
      expectSame(await stateOf(repository, tenantId), { profiles: [], holders: [] }, `the tenant ${tenantId} at first`);
      await commitSchemaVersion(repository, 1, tenantId);
      const attributes = { Name: tenantId };
      await commitAll(repository, creation(ANNA, { tenantId, attributes, addEntries: [email(ANNA)] }));
    }
    for (const tenantId of SIMILAR) {
      const { attributes } = await loadProfile(repository, ANNA, tenantId);
      expectSame(attributes, { Name: tenantId }, `the profile of the tenant ${tenantId}`);
    }
    expectSame(await repository.page(TENANT, { limit: 10 }), [], 'the profiles of the tenant 1');
  });

  clause('tenants/bytes', 'each tenant changes its profiles and its schema alone', async ({ repository }) => {
    for (const tenantId of SIMILAR) {
      await commitSchemaVersion(repository, 1, tenantId);
      await commitAll(repository, creation(ANNA, { tenantId }), creation(BERT, { tenantId }));
    }
    for (const tenantId of SIMILAR) await commitAll(repository, update(ANNA, 1, { tenantId, segment: tenantId }));
    for (const tenantId of SIMILAR) {
      const { revision, segment } = await loadProfile(repository, ANNA, tenantId);
      expectSame([revision, segment], [2, tenantId], `the profile of the tenant ${tenantId}`);
    }
    // Of two tenants each comes first once: what the first does to the second is seen when it is the second's turn.
    for (const tenantId of SIMILAR) await commitAll(repository, deletion(ANNA, 2, { tenantId }));
    for (const tenantId of SIMILAR.toReversed()) await commitAll(repository, deletion(BERT, 1, { tenantId }));
    for (const tenantId of SIMILAR) await commitSchemaVersion(repository, 2, tenantId);
    for (const tenantId of SIMILAR) {
      const expected = { version: 2, schema: sampleSchema(`${tenantId}/2`) };
      expectSame(await repository.loadSchema(tenantId), expected, `the schema of the tenant ${tenantId}`);
    }
  });

  for (const [order, tenantIds] of Object.entries({ first: SIMILAR, last: SIMILAR.toReversed() })) {
    clause('tenants/bytes', `each tenant changes its entries alone, the ${order} one first`, async ({ repository }) => {
      const own = (index: number) => `profile-${index}`;
      for (const [index, tenantId] of tenantIds.entries()) {
        await commitSchemaVersion(repository, 1, tenantId);
        // Each tenant has the unique entry for another id, and so nobody else's passes for its own.
        await commitAll(
          repository,
          creation(ANNA, { tenantId, addEntries: [city('Ulm'), city('Bonn')] }),
          creation(own(index), { tenantId, addEntries: [email('shared')] }),
        );
      }
      for (const [index, tenantId] of tenantIds.entries()) {
        await expectHolders(repository, email('shared'), [own(index)], tenantId);
        await expectHolders(repository, city('Ulm'), [ANNA], tenantId);
        await commitAll(repository, update(ANNA, 1, { tenantId, removeEntries: [city('Ulm')] }));
        await expectHolders(repository, city('Ulm'), [], tenantId);
      }
      for (const tenantId of tenantIds) {
        for (const key of ['idCity', 'idEmail']) {
          expectSame(
            await repository.dropEntries(tenantId, key, 10_000),
            1,
            `the number of dropped entries of ${key} in the tenant ${tenantId}`,
          );
        }
      }
    });
  }
};

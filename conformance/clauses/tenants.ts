import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, race } from '../concurrency.js';
import { ERASED_AT, erase, erasureOf, expectErased, lineageOf } from '../erasures.js';
import {
  commit,
  commitAll,
  commitSchemaVersion,
  expectCommitted,
  expectEqual,
  expectHolders,
  keepAll,
  loadProfile,
} from '../expectations.js';
import { allLines, pruneLines } from '../feed.js';
import {
  ANNA,
  BERT,
  BYSTANDER,
  CARL,
  city,
  creation,
  deletion,
  digestOf,
  EMIL,
  email,
  indexing,
  sampleSchema,
  TENANT,
  update,
} from '../sample-changes.js';
import { allStates, pruneOnce, revisionsOf } from '../states.js';
import { allProfiles, stateOf } from '../tenant-state.js';

/** Tenant ids with common prefixes or suffixes, and ids that a loose comparison would treat as equal. */
const SIMILAR_IDS: readonly string[] = [
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
 * Tenants are isolated from each other (R17). The bystander tenant has Anna, Bert and Carl, each with a unique e-mail
 * entry and the entry of Ulm. Its state is compared after each test.
 */
export const tenantClauses: ClauseGroup = (clause, options) => {
  clause('tenants/reading', 'no read returns data of another tenant', async ({ repository }) => {
    expectEqual(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1 }, 'load');
    expectEqual(await repository.page(TENANT, { limit: 10 }), { profiles: [], more: false }, 'page');
    await expectHolders(repository, email(ANNA), []);
    await expectHolders(repository, city('Ulm'), []);
    expectEqual(await repository.load(TENANT, CARL, { extensions: false }), { schemaVersion: 1 }, 'load');
  });

  clause('tenants/same-ids', 'two tenants can use the same customer id', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    expectEqual((await loadProfile(repository, ANNA)).attributes, creation(ANNA).attributes, 'its own profile');
    const other = await loadProfile(repository, ANNA, BYSTANDER);
    expectEqual(other.attributes, { Name: 'Bystander' }, 'the profile of the other tenant');
    expectEqual((await allProfiles(repository, TENANT)).length, 1, 'the number of its own profiles');
  });

  clause(
    'tenants/isolation',
    'no change affects another tenant, as every test checks at its end',
    async ({ repository }) => {
      const addEntries = [email(ANNA), city('Ulm')];
      await commitAll(repository, creation(ANNA, { addEntries }), creation(BERT));
      await commitAll(repository, update(ANNA, 1, { removeEntries: addEntries }), indexing(BERT, 1, addEntries));
      await commitAll(repository, deletion(ANNA, 2), update(BERT, 1, { segment: 'own' }));
      await commitSchemaVersion(repository, 2);
      expectEqual(await repository.dropEntries(TENANT, 'idCity', 10), 1, 'the number of dropped entries');
    },
  );

  clause('tenants/update', 'an update affects its own tenant only', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1, { extensions: {}, segment: 'own' }));
  });

  clause('tenants/delete', 'a deletion affects its own tenant only', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: [email(ANNA), city('Ulm')] }));
  });

  clause('tenants/refusals', 'a profile of another tenant does not exist', async ({ repository }) => {
    const missing = { outcome: 'revision_changed', index: 0 };
    for (const change of [update(ANNA, 1), deletion(ANNA, 1), indexing(ANNA, 1, [city('Bonn')]), update(CARL, 2)]) {
      expectEqual(await commit(repository, [change]), missing, `the result of the ${change.kind} change`);
    }
  });

  clause('tenants/entries', 'a unique entry is unique within its tenant only', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(BERT)] }), creation(BERT));
    await commitAll(repository, indexing(BERT, 1, [email(CARL), city('Ulm')]));
    await expectHolders(repository, email(BERT), [ANNA]);
    await expectHolders(repository, city('Ulm'), [BERT]);
    await commitAll(repository, update(ANNA, 1, { removeEntries: [email(BERT)], addEntries: [email(ANNA)] }));
    await expectHolders(repository, email(BERT), [BERT], BYSTANDER);
  });

  clause('tenants/drop-entries', 'dropEntries affects its own tenant only', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [city('Ulm'), email(ANNA)] }));
    for (const key of ['idCity', 'idEmail']) {
      expectEqual(await repository.dropEntries(TENANT, key, 10_000), 1, `the number of dropped entries of ${key}`);
    }
  });

  clause('tenants/schema', 'each tenant has its own schema and versions', async ({ repository }) => {
    expectEqual((await repository.loadSchema(BYSTANDER))?.version, 2, 'the version of the other tenant');
    expectEqual((await repository.loadSchema(TENANT))?.version, 1, 'its own version');
    await commitSchemaVersion(repository, 2);
    await commitSchemaVersion(repository, 3);
    expectEqual(await repository.loadSchema('3'), undefined, 'the schema of a tenant without one');
    await commitSchemaVersion(repository, 1, '3');
    await expectCommitted(repository, [creation(ANNA), creation(BERT)], { tenantId: '3' });
  });

  clause('tenants/concurrent', 'concurrent writes of several tenants are all kept', async (context) => {
    const { repository } = context;
    const tenantIds = ['c0', 'c1', 'c2', 'c3'];
    await awaitAll(tenantIds.map((tenantId) => commitSchemaVersion(repository, 1, tenantId)));
    for (let round = 1; round <= 4; round++) {
      const byVersion = { schemaVersion: round };
      // All four tenants on either connection, two racers each.
      await race(context, 16, async (connection, racer) => {
        const tenantId = tenantIds[(racer >> 1) % 4] ?? '';
        const id = `profile-${round}-${racer}`;
        const addEntries = [city('Ulm'), email(id), ...(racer === 0 ? [city('Bonn')] : [])];
        await expectCommitted(connection, [creation(id, { ...byVersion, addEntries })], { tenantId });
        const release = update(id, 1, { ...byVersion, removeEntries: [email(id)] });
        await expectCommitted(connection, [release], { tenantId });
      });
      await awaitAll([
        ...tenantIds.map((tenantId) => commitSchemaVersion(repository, round + 1, tenantId)),
        repository.dropEntries('c0', 'idBonn', 10),
      ] as Promise<unknown>[]);
    }
    for (const [index, tenantId] of tenantIds.entries()) {
      const { schema, profiles, holders } = await stateOf(repository, tenantId, [city('Ulm')]);
      const racers = [0, 1, 8, 9].map((racer) => racer + 2 * index);
      const expected = [1, 2, 3, 4].flatMap((round) => racers.map((racer) => `profile-${round}-${racer}`)).sort();
      const revisions = profiles.map(({ customerId, revision }) => [customerId, revision]);
      const what = `of the tenant ${tenantId}`;
      expectEqual(schema?.version, 5, `the schema version ${what}`);
      expectEqual(
        revisions,
        expected.map((id) => [id, 2]),
        `the ids and revisions ${what}`,
      );
      expectEqual(holders, [expected], `the holders ${what}`);
      expectEqual(await repository.dropEntries(tenantId, 'idEmail', 100), 0, `the removed entries ${what}`);
    }
  });

  clause('tenants/composed', 'names whose concatenations are equal stay distinct', async ({ repository }) => {
    const digest = digestOf('value');
    // Each separator gets its own tenants, whose ids begin or end with it.
    const withSeparator = (tenantId: string, separator: string) =>
      tenantId.startsWith('a') ? `${separator}x${tenantId}` : `${tenantId}x${separator}`;
    for (const separator of ['.', '_', '-', '~', '']) {
      const joined = (...parts: string[]) => parts.join(separator);
      // Joined by the separator, tenant, key and customer id give the same text for each of these.
      const places = [
        { tenantId: 'a', key: joined('a', 'a'), customerId: joined('a', 'a', 'b') },
        { tenantId: joined('a', 'a'), key: 'a', customerId: joined('a', 'b') },
        { tenantId: joined('a', 'a', 'a'), key: joined('a', 'a'), customerId: 'b' },
        // The same, with the tenant last.
        { tenantId: joined('c'), key: joined('d', 'c', 'c'), customerId: joined('d', 'c', 'c') },
        { tenantId: joined('c', 'c'), key: joined('d', 'c'), customerId: joined('d', 'c') },
        { tenantId: joined('c', 'c', 'c'), key: 'd', customerId: 'd' },
      ].map((place) => ({ ...place, tenantId: withSeparator(place.tenantId, separator) }));
      for (const { tenantId, key, customerId } of places) {
        await commitSchemaVersion(repository, 1, tenantId);
        const addEntries = [{ key, digest, unique: true }];
        const same = { key, digest: digestOf('same'), unique: false };
        await expectCommitted(
          repository,
          [
            creation(customerId, { attributes: { Name: tenantId }, addEntries }),
            creation('same', { addEntries: [same] }),
          ],
          { tenantId },
        );
      }
      for (const { tenantId, key, customerId } of places) {
        const { attributes } = await loadProfile(repository, customerId, tenantId);
        expectEqual(attributes, { Name: tenantId }, `the profile of the tenant ${tenantId}`);
        expectEqual(
          (await allProfiles(repository, tenantId)).length,
          2,
          `the number of profiles of the tenant ${tenantId}`,
        );
        await expectHolders(repository, { key, digest, unique: true }, [customerId], tenantId);
        await expectHolders(repository, { key, digest: digestOf('same'), unique: false }, ['same'], tenantId);
        expectEqual(
          await repository.dropEntries(tenantId, key, 10_000),
          2,
          `the number of dropped entries of the tenant ${tenantId}`,
        );
      }
    }
  });

  clause('tenants/bytes', 'tenant ids are compared byte for byte', async ({ repository }) => {
    for (const tenantId of SIMILAR_IDS) {
      expectEqual(
        await stateOf(repository, tenantId),
        { profiles: [], holders: [] },
        `the initial state of the tenant ${tenantId}`,
      );
      await commitSchemaVersion(repository, 1, tenantId);
      const attributes = { Name: tenantId };
      await expectCommitted(repository, [creation(ANNA, { attributes, addEntries: [email(ANNA)] })], { tenantId });
    }
    for (const tenantId of SIMILAR_IDS) {
      const { attributes } = await loadProfile(repository, ANNA, tenantId);
      expectEqual(attributes, { Name: tenantId }, `the profile of the tenant ${tenantId}`);
    }
    expectEqual(await allProfiles(repository, TENANT), [], 'the profiles of the tenant 1');
  });

  clause('tenants/bytes', 'changes of profiles and schema affect one tenant only', async ({ repository }) => {
    for (const tenantId of SIMILAR_IDS) {
      await commitSchemaVersion(repository, 1, tenantId);
      await expectCommitted(repository, [creation(ANNA), creation(BERT)], { tenantId });
    }
    for (const tenantId of SIMILAR_IDS) {
      await expectCommitted(repository, [update(ANNA, 1, { segment: tenantId })], { tenantId });
    }
    for (const tenantId of SIMILAR_IDS) {
      const { revision, segment } = await loadProfile(repository, ANNA, tenantId);
      expectEqual([revision, segment], [2, tenantId], `the profile of the tenant ${tenantId}`);
    }
    // In both orders: an effect of one tenant on another shows when the other is processed later.
    for (const tenantId of SIMILAR_IDS) await expectCommitted(repository, [deletion(ANNA, 2)], { tenantId });
    for (const tenantId of SIMILAR_IDS.toReversed()) {
      await expectCommitted(repository, [deletion(BERT, 1)], { tenantId });
    }
    for (const tenantId of SIMILAR_IDS) await commitSchemaVersion(repository, 2, tenantId);
    for (const tenantId of SIMILAR_IDS) {
      const expected = { version: 2, schema: sampleSchema(`${tenantId}/2`) };
      expectEqual(await repository.loadSchema(tenantId), expected, `the schema of the tenant ${tenantId}`);
    }
  });

  for (const [order, tenantIds] of Object.entries({ first: SIMILAR_IDS, last: SIMILAR_IDS.toReversed() })) {
    clause(
      'tenants/bytes',
      `changes of entries affect one tenant only, beginning with the ${order} tenant`,
      async ({ repository }) => {
        const holderOf = (index: number) => `profile-${index}`;
        for (const [index, tenantId] of tenantIds.entries()) {
          await commitSchemaVersion(repository, 1, tenantId);
          // Another holder in each tenant, so that the entry of one tenant cannot be mistaken for that of another.
          await expectCommitted(
            repository,
            [
              creation(ANNA, { addEntries: [city('Ulm'), city('Bonn')] }),
              creation(holderOf(index), { addEntries: [email('shared')] }),
            ],
            { tenantId },
          );
        }
        for (const [index, tenantId] of tenantIds.entries()) {
          await expectHolders(repository, email('shared'), [holderOf(index)], tenantId);
          await expectHolders(repository, city('Ulm'), [ANNA], tenantId);
          await expectCommitted(repository, [update(ANNA, 1, { removeEntries: [city('Ulm')] })], { tenantId });
          await expectHolders(repository, city('Ulm'), [], tenantId);
        }
        for (const tenantId of tenantIds) {
          for (const key of ['idCity', 'idEmail']) {
            expectEqual(
              await repository.dropEntries(tenantId, key, 10_000),
              1,
              `the number of dropped entries of ${key} in the tenant ${tenantId}`,
            );
          }
        }
      },
    );
  }

  if (options.capabilities?.changes) {
    const erases = options.capabilities.erasure ?? false;
    for (const [order, tenantIds] of Object.entries({ first: SIMILAR_IDS, last: SIMILAR_IDS.toReversed() })) {
      const title = `lines belong to one tenant only, beginning with the ${order} tenant`;
      clause('tenants/bytes', title, ({ repository }) => expectOwnLines(repository, tenantIds, erases));
    }
  }

  if (!options.capabilities?.history) return;

  if (options.capabilities.erasure) {
    for (const [order, tenantIds] of Object.entries({ first: SIMILAR_IDS, last: SIMILAR_IDS.toReversed() })) {
      const title = `erasures belong to one tenant only, beginning with the ${order} tenant`;
      clause('tenants/bytes', title, ({ repository }) => expectOwnErasures(repository, tenantIds));
    }
  }

  clause('tenants/history', 'each tenant has its own states', async ({ repository }) => {
    expectEqual(await allStates(repository, CARL), [], 'the states of an id of the other tenant');
    expectEqual(await allStates(repository, EMIL), [], 'the states of a deleted id of the other tenant');
    await keepAll(repository, creation(CARL));
    await keepAll(repository, update(CARL, 1));
    await keepAll(repository, deletion(CARL, 2));
    expectEqual(revisionsOf(await allStates(repository, CARL)), [3, 2, 1], 'its own revisions');
    expectEqual(revisionsOf(await allStates(repository, CARL, { tenantId: BYSTANDER })), [2, 1], 'those of the other');
  });

  clause('tenants/deletions', 'a deletion keeps the revision of its own tenant only', async ({ repository }) => {
    await keepAll(repository, creation(EMIL));
    await keepAll(repository, deletion(EMIL, 1));
    await expectCommitted(repository, [creation(EMIL)], { history: true, revisions: [3] });
    const [deleted] = await allStates(repository, EMIL, { tenantId: BYSTANDER });
    expectEqual([deleted?.revision, deleted?.profile], [2, undefined], 'the deletion in the other tenant');
    await commitAll(repository, creation(CARL));
    await commitAll(repository, deletion(CARL, 1));
    await commitAll(repository, creation(CARL));
  });

  clause('tenants/prune', 'prune affects its own tenant only', async ({ repository }) => {
    expectEqual(await pruneOnce(repository, { keep: 0, limit: 1 }), { removed: 0 }, 'prune of a tenant without states');
    await keepAll(repository, creation(CARL), creation(EMIL));
    await keepAll(repository, update(CARL, 1), deletion(EMIL, 1));
    const batch = await pruneOnce(repository, { keep: 0, limit: 1 });
    expectEqual(batch, { removed: 1, next: CARL }, 'the result of prune');
    expectEqual(await pruneOnce(repository, { keep: 0, limit: 1, after: CARL }), { removed: 1 }, 'the next batch');
  });

  for (const [order, tenantIds] of Object.entries({ first: SIMILAR_IDS, last: SIMILAR_IDS.toReversed() })) {
    clause('tenants/bytes', `states belong to one tenant only, beginning with the ${order} tenant`, async (context) => {
      const { repository } = context;
      const inTenant = (tenantId: string) => ({ tenantId, history: true });
      // Each tenant has another number of states, and an id of its own.
      const updatesIn = (index: number) => Array.from({ length: (index % 3) + 1 }, (_, number) => number + 1);
      const idOf = (index: number) => `profile-${index}`;
      for (const [index, tenantId] of tenantIds.entries()) {
        await commitSchemaVersion(repository, 1, tenantId);
        const creations = [creation(ANNA, { segment: tenantId }), creation(idOf(index))];
        await expectCommitted(repository, creations, inTenant(tenantId));
        for (const revision of updatesIn(index)) {
          await expectCommitted(repository, [update(ANNA, revision)], inTenant(tenantId));
        }
      }
      for (const [index, tenantId] of tenantIds.entries()) {
        const deleted = updatesIn(index).length + 2;
        const changes = [deletion(ANNA, deleted - 1), deletion(idOf(index), 1)];
        await expectCommitted(repository, changes, inTenant(tenantId));
        const states = await allStates(repository, ANNA, { tenantId });
        expectEqual(states[0]?.revision, deleted, `the newest revision of the tenant ${tenantId}`);
        expectEqual(states.length, deleted, `the number of states of the tenant ${tenantId}`);
        expectEqual(states.at(-1)?.profile?.segment, tenantId, `the first segment of the tenant ${tenantId}`);
      }
      // In the opposite order: while the deletions of other tenants are there, before and after its own.
      for (const [index, tenantId] of [...tenantIds.entries()].reverse()) {
        const revisions = [updatesIn(index).length + 3];
        await expectCommitted(repository, [creation(ANNA)], { ...inTenant(tenantId), revisions });
      }
      for (const [index, tenantId] of tenantIds.entries()) {
        const removed = updatesIn(index).length + 2;
        const first = await pruneOnce(repository, { keep: 0, limit: 1 }, tenantId);
        expectEqual(first, { removed, next: ANNA }, `the result of prune in the tenant ${tenantId}`);
        const last = await pruneOnce(repository, { keep: 0, limit: 1, after: ANNA }, tenantId);
        expectEqual(last, { removed: 1 }, `the result of the last batch in the tenant ${tenantId}`);
        const states = await allStates(repository, ANNA, { tenantId });
        expectEqual(revisionsOf(states), [removed + 1], `the revisions left in the tenant ${tenantId}`);
      }
    });
  }
};

/** Fails unless each tenant has its own lines, of which each has another number. */
async function expectOwnLines(
  repository: ProfileRepository,
  tenantIds: readonly string[],
  erases: boolean,
): Promise<void> {
  const updatesIn = (index: number) => Array.from({ length: (index % 3) + 1 }, (_, number) => number + 1);
  const originsIn = async (tenantId: string) => (await allLines(repository, tenantId)).map(({ origin }) => origin);
  for (const [index, tenantId] of tenantIds.entries()) {
    const place = { tenantId, changes: true };
    const line = { origin: tenantId, changed: [] };
    await commitSchemaVersion(repository, 1, tenantId);
    await expectCommitted(repository, [creation(ANNA, { line })], place);
    for (const revision of updatesIn(index))
      await expectCommitted(repository, [update(ANNA, revision, { line })], place);
  }
  for (const [index, tenantId] of tenantIds.entries()) {
    const origins = [tenantId, ...updatesIn(index).map(() => tenantId)];
    expectEqual(await originsIn(tenantId), origins, `the origins in the lines of the tenant ${tenantId}`);
    if (!erases) continue;
    await erase(repository, await erasureOf(repository, [ANNA], { tenantId }), tenantId);
    const redacted = origins.map(() => undefined);
    expectEqual(await originsIn(tenantId), redacted, `the origins that are left in the tenant ${tenantId}`);
  }
  for (const [index, tenantId] of tenantIds.entries()) {
    const removed = await pruneLines(repository, { before: ERASED_AT, limit: 1_000 }, tenantId);
    expectEqual(removed, updatesIn(index).length + 1, `the number of lines that are removed in the tenant ${tenantId}`);
  }
}

/** Fails unless each tenant has its own merges, erasures and receipts. Each has another number of states. */
async function expectOwnErasures(repository: ProfileRepository, tenantIds: readonly string[]): Promise<void> {
  const mergedAway = () => deletion(BERT, 1, { metadata: { operation: 'merge', counterpart: ANNA } });
  const updatesIn = (index: number) => Array.from({ length: (index % 3) + 1 }, (_, number) => number + 1);
  for (const [index, tenantId] of tenantIds.entries()) {
    const place = { tenantId, history: true };
    await commitSchemaVersion(repository, 1, tenantId);
    await expectCommitted(repository, [creation(ANNA, { addEntries: [city('Ulm')] }), creation(BERT)], place);
    for (const revision of updatesIn(index)) await expectCommitted(repository, [update(ANNA, revision)], place);
    await expectCommitted(repository, [mergedAway()], place);
  }
  for (const [index, tenantId] of tenantIds.entries()) {
    const { revision, merged } = (await lineageOf(repository, ANNA, tenantId)) ?? {};
    const expected = [updatesIn(index).length + 1, [BERT]];
    const actual = [revision, merged?.map(({ customerId }) => customerId)];
    expectEqual(actual, expected, `what is kept in the tenant ${tenantId}`);
  }
  // In the opposite order: while the rows of tenants before it are there.
  for (const [index, tenantId] of [...tenantIds.entries()].reverse()) {
    const request = await erasureOf(repository, [ANNA, BERT], { tenantId });
    const receipt = { ...request.receipt, reason: `Tenant ${tenantId}` };
    const removed = { profiles: 1, states: updatesIn(index).length + 1, entries: 1 };
    await expectErased(repository, { ...request, receipt }, removed, tenantId);
  }
  for (const tenantId of tenantIds) {
    const receipt = (await lineageOf(repository, BERT, tenantId))?.receipt;
    expectEqual(receipt?.reason, `Tenant ${tenantId}`, 'the reason of the receipt');
  }
}

import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectMissing, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, TENANT, update } from '../sample-changes.js';
import { allProfiles, idsOf } from '../tenant-state.js';
import { type Documents, hostileDocuments } from './hostile-documents.js';
import { hostileCustomerIds, segments, times } from './hostile-values.js';

/** Documents, ids, timestamps and segments are returned exactly as stored. */
export const roundTripClauses: ClauseGroup = (clause) => {
  for (const [special, make] of Object.entries(hostileDocuments)) {
    clause('round-trip/documents', `${special} are returned as stored`, async ({ repository, secondConnection }) => {
      const documents = make();
      await commitAll(repository, creation(ANNA, { ...documents, addEntries: [city('Ulm')] }));
      const { profiles } = await secondConnection.find(TENANT, city('Ulm'), { limit: 1, extensions: true });
      const [paged] = (await secondConnection.page(TENANT, { limit: 1 })).profiles;
      for (const profile of [await loadProfile(secondConnection, ANNA), profiles[0], paged]) {
        expectEqual({ attributes: profile?.attributes, extensions: profile?.extensions }, documents, 'the documents');
      }
      await commitAll(repository, update(ANNA, 1, { attributes: {}, extensions: {} }));
      await commitAll(repository, update(ANNA, 2, documents));
      const { attributes, extensions } = await loadProfile(secondConnection, ANNA);
      expectEqual({ attributes, extensions }, documents, 'the documents after an update');
    });

    clause('round-trip/residual', `${special} are returned as residual values`, async (context) => {
      const { repository, secondConnection } = context;
      const residual = make();
      await commitAll(repository, creation(ANNA, { residual }), creation(BERT));
      await commitAll(repository, update(BERT, 1, { residual }));
      for (const id of [ANNA, BERT]) {
        expectEqual((await loadProfile(secondConnection, id)).residual, residual, `the residual values of ${id}`);
      }
    });
  }

  clause(
    'round-trip/documents',
    'an undefined member equals an absent one',
    async ({ repository, secondConnection }) => {
      // The types exclude `undefined`; callers in JavaScript may still pass it.
      const gone = ['Gone', undefined] as const;
      const given = {
        attributes: Object.fromEntries([['Text', 'a'], gone]),
        extensions: Object.fromEntries([['Log', [Object.fromEntries([['Text', 'a'], gone])]], gone]),
      } as unknown as Documents;
      const kept = { attributes: { Text: 'a' }, extensions: { Log: [{ Text: 'a' }] } };
      await commitAll(repository, creation(ANNA, given), creation(BERT));
      await commitAll(repository, update(BERT, 1, given));
      for (const id of [ANNA, BERT]) {
        const { attributes, extensions } = await loadProfile(secondConnection, id);
        expectEqual({ attributes, extensions }, kept, `the documents of ${id}`);
      }
    },
  );

  clause('round-trip/ids', 'customer ids are compared byte for byte', async ({ repository }) => {
    // In descending order, so that each id is looked up while ids that begin with it exist.
    for (const id of [...hostileCustomerIds].sort().reverse()) {
      await expectMissing(repository, id);
      await expectConflict(repository, [update(id, 1)], { outcome: 'revision_changed', index: 0 });
      await commitAll(repository, creation(id, { attributes: { Id: id } }));
    }
    for (const id of hostileCustomerIds) {
      const { customerId, attributes } = await loadProfile(repository, id);
      expectEqual({ customerId, attributes }, { customerId: id, attributes: { Id: id } }, 'the profile');
    }
    expectEqual(idsOf(await allProfiles(repository, TENANT)), [...hostileCustomerIds].sort(), 'all ids, in byte order');
  });

  clause('round-trip/ids', 'an update or deletion affects one customer id only', async ({ repository }) => {
    const revisions = new Map([...hostileCustomerIds].sort().map((id) => [id, 1]));
    await commitAll(repository, ...hostileCustomerIds.map((id) => creation(id)));
    const expectRevisions = async () => {
      const profiles = await allProfiles(repository, TENANT);
      expectEqual(
        profiles.map(({ customerId, revision }) => [customerId, revision]),
        [...revisions],
        'all ids with their revisions',
      );
    };
    for (const id of hostileCustomerIds) {
      await commitAll(repository, update(id, 1));
      revisions.set(id, 2);
      await expectRevisions();
    }
    for (const id of hostileCustomerIds) {
      await commitAll(repository, deletion(id, 2));
      revisions.delete(id);
      await expectRevisions();
    }
  });

  clause('round-trip/timestamps', 'timestamps are stored as text and compared to the last digit', async (context) => {
    const { repository, secondConnection } = context;
    for (const [index, at] of times.entries()) {
      const customerId = `profile-${index}`;
      await commitAll(repository, creation(customerId, { at, addEntries: [city(at)] }));
      const created = await loadProfile(secondConnection, customerId);
      expectEqual([created.createdAt, created.updatedAt], [at, at], 'the timestamps after the creation');
      for (const other of times) {
        if (other === at) continue;
        const moved = { outcome: 'revision_changed', index: 0, revision: 1 } as const;
        await expectConflict(repository, [update(customerId, 1, { createdAt: other })], moved);
      }
      // Clocks differ between servers: an update may carry an earlier timestamp than the creation.
      const updatedAt = times[(index + 1) % times.length] ?? at;
      await commitAll(repository, update(customerId, 1, { createdAt: at, at: updatedAt }));
      const { profiles } = await secondConnection.find(TENANT, city(at), { limit: 1, extensions: false });
      const paged = (await allProfiles(secondConnection, TENANT)).at(-1);
      for (const profile of [await loadProfile(secondConnection, customerId), profiles[0], paged]) {
        expectEqual([profile?.createdAt, profile?.updatedAt], [at, updatedAt], 'the timestamps after the update');
      }
    }
  });

  clause('round-trip/segments', 'segments are returned as stored', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    for (const [index, segment] of segments.entries()) {
      await commitAll(repository, creation(`profile-${index}`, { segment }));
      expectEqual((await loadProfile(repository, `profile-${index}`)).segment, segment, 'the segment');
      await commitAll(repository, update(ANNA, index + 1, { segment }));
      expectEqual((await loadProfile(repository, ANNA)).segment, segment, 'the segment after an update');
    }
  });
};

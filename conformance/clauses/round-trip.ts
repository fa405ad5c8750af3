import type { AttributesDocument, ExtensionsDocument } from '../../src/model/documents.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectMissing, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, deletion, TENANT, update } from '../sample-changes.js';
import {
  hostileCustomerIds,
  hostileNames,
  hostileTexts,
  likeTimes,
  numbers,
  segments,
  times,
} from './hostile-values.js';
import { withMembers } from './with-members.js';

interface Documents {
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
}

/** By what is special about them: documents that must come back exactly as they went in. */
const DOCUMENTS: Readonly<Record<string, () => Documents>> = {
  'empty documents': () => ({ attributes: {}, extensions: {} }),
  'empty values, lists and records': () => ({
    attributes: { Text: '', List: [], Blank: [''] },
    extensions: { None: [], Bare: [{}], Two: [{}, { Text: '' }] },
  }),
  'repeated values and records, in their order': () => ({
    attributes: { Texts: ['b', 'a', 'b', 'B', 'a'], Numbers: [10, 9, 10], Flags: [true, false, true] },
    extensions: { Log: [{ Text: 'b' }, { Text: 'a' }, { Text: 'b' }, {}, { Text: 'a' }, {}] },
  }),
  'hostile texts': () => asDocuments(hostileTexts),
  'hostile names': () => ({
    attributes: withMembers(hostileNames.map((name) => [name, name])),
    extensions: withMembers(hostileNames.map((name) => [name, [withMembers([[name, name]]), withMembers([])]])),
  }),
  'numbers to the last digit': () => asDocuments(numbers),
  'both booleans': () => asDocuments([true, false]),
  'text that looks like something else': () =>
    asDocuments(['1', 'true', 'null', 'undefined', '{}', '[]', '"', '9223372036854775807', '-0', '1e3', ...likeTimes]),
  'long texts': () => asDocuments(['x'.repeat(65_535), '😀'.repeat(65_535), '\\"\n'.repeat(20_000)]),
  'documents of 1 MiB': () => ({
    attributes: withMembers(Array.from({ length: 16 }, (_, index) => [`Text${index}`, `${index} `.repeat(32_768)])),
    extensions: {
      Log: Array.from({ length: 1_024 }, (_, index) => ({
        Number: index,
        Text: `${index}`.padEnd(990, '.'),
        Done: true,
      })),
    },
  }),
};

/** That documents, ids and segments come back exactly as they went in. */
export const roundTripClauses: ClauseGroup = (clause) => {
  for (const [special, make] of Object.entries(DOCUMENTS)) {
    clause('round-trip/documents', `${special} come back as they went in`, async ({ repository, rival }) => {
      const documents = make();
      await commitAll(repository, creation(ANNA, { ...documents, addEntries: [city('Ulm')] }));
      const { profiles } = await rival.find(TENANT, city('Ulm'), { limit: 1, extensions: true });
      const [paged] = await rival.page(TENANT, { limit: 1 });
      for (const profile of [await loadProfile(rival, ANNA), profiles[0], paged]) {
        expectSame({ attributes: profile?.attributes, extensions: profile?.extensions }, documents, 'the documents');
      }
      await commitAll(repository, update(ANNA, 1, { attributes: {}, extensions: {} }));
      await commitAll(repository, update(ANNA, 2, documents));
      const { attributes, extensions } = await loadProfile(rival, ANNA);
      expectSame({ attributes, extensions }, documents, 'the documents after an update');
    });
  }

  clause('round-trip/documents', 'a member that is undefined is none', async ({ repository, rival }) => {
    // The types leave `undefined` out; `withMembers` takes what may come from JavaScript.
    const gone = ['Gone', undefined] as const;
    const given = {
      attributes: withMembers([['Text', 'a'], gone]),
      extensions: withMembers([['Log', [withMembers([['Text', 'a'], gone])]], gone]),
    } as unknown as Documents;
    const kept = { attributes: { Text: 'a' }, extensions: { Log: [{ Text: 'a' }] } };
    await commitAll(repository, creation(ANNA, given), creation(BERT));
    await commitAll(repository, update(BERT, 1, given));
    for (const id of [ANNA, BERT]) {
      const { attributes, extensions } = await loadProfile(rival, id);
      expectSame({ attributes, extensions }, kept, `the documents of ${id}`);
    }
  });

  clause('round-trip/documents', 'a commit of several documents of 1 MiB', async ({ repository, rival }) => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const text = (name: string) => name.repeat(65_535);
    const documentsOf = (id: string) => ({
      attributes: withMembers(Array.from({ length: 16 }, (_, index) => [`Text${index}`, text(id)])),
      extensions: { Log: Array.from({ length: 16 }, () => ({ Text: text(id) })) },
    });
    await commitAll(repository, ...ids.map((id) => creation(id, documentsOf(id))));
    for (const profile of await rival.page(TENANT, { limit: 10 })) {
      const { customerId, attributes, extensions } = profile;
      expectSame({ attributes, extensions }, documentsOf(customerId), `the documents of ${customerId}`);
    }
    await commitAll(repository, ...ids.map((id) => update(id, 1, documentsOf(id))));
    expectSame((await loadProfile(rival, 'e')).extensions, documentsOf('e').extensions, 'the extensions afterwards');
  });

  clause('round-trip/ids', 'customer ids are compared byte for byte', async ({ repository }) => {
    // From the last to the first, so that each is looked for while those are there that begin with it.
    for (const id of [...hostileCustomerIds].sort().reverse()) {
      await expectMissing(repository, id);
      await expectObstacle(repository, [update(id, 1)], { outcome: 'revision_moved', index: 0 });
      await commitAll(repository, creation(id, { attributes: { Id: id } }));
    }
    for (const id of hostileCustomerIds) {
      const { customerId, attributes } = await loadProfile(repository, id);
      expectSame({ customerId, attributes }, { customerId: id, attributes: { Id: id } }, 'the profile');
    }
    const walked = (await repository.page(TENANT, { limit: 1000 })).map((profile) => profile.customerId);
    expectSame(walked, [...hostileCustomerIds].sort(), 'all ids, in byte order');
  });

  clause('round-trip/ids', 'each customer id is updated and deleted alone', async ({ repository }) => {
    const revisions = new Map([...hostileCustomerIds].sort().map((id) => [id, 1]));
    await commitAll(repository, ...hostileCustomerIds.map((id) => creation(id)));
    const expectRevisions = async () => {
      const profiles = await repository.page(TENANT, { limit: 1000 });
      expectSame(
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

  clause('round-trip/times', 'times are kept as they are, and told apart to the last digit', async (context) => {
    const { repository, rival } = context;
    for (const [index, at] of times.entries()) {
      const customerId = `profile-${index}`;
      await commitAll(repository, creation(customerId, { at, addEntries: [city(at)] }));
      const created = await loadProfile(rival, customerId);
      expectSame([created.createdAt, created.updatedAt], [at, at], 'the times after the creation');
      for (const other of times) {
        if (other === at) continue;
        const moved = { outcome: 'revision_moved', index: 0, revision: 1 } as const;
        await expectObstacle(repository, [update(customerId, 1, { createdAt: other })], moved);
      }
      // The clocks of two servers may differ, so that an update may be earlier than the creation.
      const updatedAt = times[(index + 1) % times.length] ?? at;
      await commitAll(repository, update(customerId, 1, { createdAt: at, at: updatedAt }));
      const { profiles } = await rival.find(TENANT, city(at), { limit: 1, extensions: false });
      const paged = (await rival.page(TENANT, { limit: 1000 })).at(-1);
      for (const profile of [await loadProfile(rival, customerId), profiles[0], paged]) {
        expectSame([profile?.createdAt, profile?.updatedAt], [at, updatedAt], 'the times after the update');
      }
    }
  });

  clause('round-trip/segments', 'segments come back as they went in', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    for (const [index, segment] of segments.entries()) {
      await commitAll(repository, creation(`profile-${index}`, { segment }));
      expectSame((await loadProfile(repository, `profile-${index}`)).segment, segment, 'the segment');
      await commitAll(repository, update(ANNA, index + 1, { segment }));
      expectSame((await loadProfile(repository, ANNA)).segment, segment, 'the segment after an update');
    }
  });
};

/** Each value as an attribute, all of them as a multi-valued one, and each in a record. */
function asDocuments(values: readonly (string | number | boolean)[]): Documents {
  return {
    attributes: { ...withMembers(values.map((value, index) => [`Value${index}`, value])), All: [...values] },
    extensions: { Records: values.map((value, index) => ({ Index: index, Value: value })) },
  };
}

import type { PageRequest, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, email, TENANT, update } from '../sample-changes.js';

/** `find`. */
export const findClauses: ClauseGroup = (clause) => {
  clause('find/profiles', 'returns complete, current profiles and the schema version', async ({ repository }) => {
    const addEntries = [city('Ulm')];
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries }), creation(BERT, { addEntries }));
    await commitAll(repository, update(ANNA, 1, { attributes: { Name: 'now' } }));
    const profiles = [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)];
    const withExtensions = await repository.find(TENANT, city('Ulm'), { limit: 10, extensions: true });
    expectEqual(withExtensions, { schemaVersion: 1, profiles }, 'find with extensions');
    const without = await repository.find(TENANT, city('Ulm'), { limit: 10, extensions: false });
    const bare = profiles.map(({ extensions, ...profile }) => profile);
    expectEqual(without, { schemaVersion: 1, profiles: bare }, 'find without extensions');
  });

  clause('find/unique', 'a unique entry finds its one holder', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }), creation(BERT));
    const { extensions, ...bare } = await loadProfile(repository, ANNA);
    const found = (profiles: readonly StoredProfile[]) => ({ schemaVersion: 1, profiles });
    const find = (page: Omit<PageRequest, 'limit'> & { readonly extensions: boolean }) =>
      repository.find(TENANT, email(ANNA), { limit: 10, ...page });
    expectEqual(await find({ extensions: true }), found([{ ...bare, extensions }]), 'find with extensions');
    expectEqual(await find({ extensions: false }), found([bare]), 'find without extensions');
    for (const after of [ANNA, 'anna.', 'annb', 'b', '~']) {
      expectEqual(await find({ extensions: true, after }), found([]), `the page after ${after}`);
    }
    for (const after of ['ann', 'annZ', 'Bert', 'Z', '_', '0']) {
      expectEqual(await find({ extensions: false, after }), found([bare]), `the page after ${after}`);
    }
  });

  clause('find/no-match', 'an entry without a holder finds nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [city('Ulm'), email(ANNA)] }));
    const options = { limit: 10, extensions: true };
    const nothing = { schemaVersion: 1, profiles: [] };
    expectEqual(await repository.find(TENANT, city('Bonn'), options), nothing, 'another digest');
    expectEqual(await repository.find(TENANT, email(BERT), options), nothing, 'another digest of a unique key');
    const otherKey = { ...email(ANNA), digest: city('Ulm').digest };
    expectEqual(await repository.find(TENANT, otherKey, options), nothing, 'the digest under another key');
    expectEqual(await repository.find('3', city('Ulm'), options), { profiles: [] }, 'a tenant without a schema');
  });
};

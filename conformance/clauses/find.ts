import type { PageRequest, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, email, TENANT, update } from '../sample-changes.js';
import { foundPages, walk } from '../tenant-state.js';

/** `find`. */
export const findClauses: ClauseGroup = (clause) => {
  clause('find/profiles', 'returns complete, current profiles and the schema version', async ({ repository }) => {
    const addEntries = [city('Ulm')];
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries }), creation(BERT, { addEntries }));
    await commitAll(repository, update(ANNA, 1, { attributes: { Name: 'now' } }));
    const profiles = [await loadProfile(repository, ANNA), await loadProfile(repository, BERT)];
    const bare = profiles.map(({ extensions, ...profile }) => profile);
    for (const [extensions, expected] of [
      [true, profiles],
      [false, bare],
    ] as const) {
      const title = `find with${extensions ? '' : 'out'} extensions`;
      const { schemaVersion } = await repository.find(TENANT, city('Ulm'), { limit: 10, extensions });
      expectEqual(schemaVersion, 1, `the schema version of ${title}`);
      const found = await walk(foundPages(repository, TENANT, city('Ulm'), extensions), 10);
      expectEqual(found, expected, title);
    }
  });

  clause(
    'find/documents',
    'without documents returns the same profiles, and all but their documents',
    async (context) => {
      const { repository } = context;
      const addEntries = [email(ANNA), city('Ulm')];
      await commitAll(
        repository,
        creation(ANNA, { segment: 'gold', addEntries }),
        creation(BERT, { addEntries: [city('Ulm')] }),
      );
      await commitAll(repository, update(ANNA, 1, { segment: 'gold' }));
      for (const entry of [city('Ulm'), email(ANNA)]) {
        const read = async (documents: boolean) => {
          const page = { limit: 10, extensions: false, documents };
          const { profiles, ...found } = await repository.find(TENANT, entry, page);
          return { ...found, profiles: profiles.map(({ attributes, residual, ...profile }) => profile) };
        };
        expectEqual(await read(false), await read(true), 'find without documents');
      }
    },
  );

  clause(
    'find/schema-version',
    "returns the tenant's version, whichever the profiles were written by",
    async (context) => {
      const { repository, secondConnection } = context;
      const entries = [email(ANNA), city('Ulm'), city('Bonn')];
      await commitAll(repository, creation(ANNA, { addEntries: entries.slice(0, 2) }), creation(BERT));
      for (const version of [2, 3]) {
        await commitSchemaVersion(secondConnection, version);
        for (const entry of entries) {
          for (const extensions of [true, false]) {
            const { schemaVersion } = await repository.find(TENANT, entry, { limit: 10, extensions });
            expectEqual(schemaVersion, version, 'the schema version of find');
          }
        }
        await commitAll(repository, update(BERT, version - 1, { schemaVersion: version, addEntries: [city('Ulm')] }));
      }
    },
  );

  clause('find/unique', 'a unique entry finds its one holder', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA)] }), creation(BERT));
    const { extensions, ...bare } = await loadProfile(repository, ANNA);
    const found = (profiles: readonly StoredProfile[]) => ({ schemaVersion: 1, profiles });
    const find = async (page: Omit<PageRequest, 'limit'> & { readonly extensions: boolean }) => {
      // After the one holder, a repository may say that there is more: it need not look.
      const { more: _, ...answer } = await repository.find(TENANT, email(ANNA), { limit: 10, ...page });
      return answer;
    };
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
    const nothing = { schemaVersion: 1, profiles: [], more: false };
    expectEqual(await repository.find(TENANT, city('Bonn'), options), nothing, 'another digest');
    expectEqual(await repository.find(TENANT, email(BERT), options), nothing, 'another digest of a unique key');
    const otherKey = { ...email(ANNA), digest: city('Ulm').digest };
    expectEqual(await repository.find(TENANT, otherKey, options), nothing, 'the digest under another key');
    expectEqual(
      await repository.find('3', city('Ulm'), options),
      { profiles: [], more: false },
      'a tenant without a schema',
    );
  });
};

import assert from 'node:assert';
import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, readWhileWriting } from '../concurrency.js';
import { commitAll, commitSchemaVersion, expectEqual } from '../expectations.js';
import {
  ANNA,
  CREATED_AT,
  city,
  creation,
  deletion,
  RECREATED_AT,
  TENANT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';

const ENTRY = city('Ulm');

/** Every way to read the one profile of the tenant. */
const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<StoredProfile | undefined>>> = {
  load: async (repository) => (await repository.load(TENANT, ANNA, { extensions: true })).profile,
  'load without extensions': async (repository) => (await repository.load(TENANT, ANNA, { extensions: false })).profile,
  find: async (repository) => (await repository.find(TENANT, ENTRY, { limit: 2, extensions: true })).profiles[0],
  page: async (repository) => (await repository.page(TENANT, { limit: 2 })).profiles[0],
};

/** No read is stale. Lagging replicas and unvalidated caches would be. */
export const readYourWritesClauses: ClauseGroup = (clause) => {
  for (const [reading, read] of Object.entries(READINGS)) {
    const [method] = reading.split(' ');
    clause(
      `${method}/read-your-writes`,
      `${reading}: sees every acknowledged commit, on any connection`,
      async (context) => {
        const { repository, secondConnection } = context;
        const expectRead = async (expected: Partial<StoredProfile>) => {
          for (const reader of [secondConnection, repository]) {
            // Not every read returns extensions.
            const { revision, attributes, extensions = expected.extensions, createdAt } = (await read(reader)) ?? {};
            expectEqual({ revision, attributes, extensions, createdAt }, expected, 'the profile read after the commit');
          }
        };
        // A recreated profile repeats the revisions that a cache may hold of its predecessor.
        for (const [writer, createdAt] of [
          [repository, CREATED_AT],
          [secondConnection, RECREATED_AT],
          [repository, UPDATED_AT],
        ] as const) {
          await expectRead({});
          const attributes = { Since: createdAt };
          const extensionsOf = (revision: number) => ({ Log: [{ Revision: revision }] });
          const created = { attributes, extensions: extensionsOf(1) };
          await commitAll(writer, creation(ANNA, { ...created, at: createdAt, addEntries: [ENTRY] }));
          await expectRead({ ...created, revision: 1, createdAt });
          for (const revision of [2, 3, 4, 5]) {
            const updated = { attributes, extensions: extensionsOf(revision), createdAt };
            await commitAll(writer, update(ANNA, revision - 1, updated));
            await expectRead({ ...updated, revision });
          }
          await commitAll(writer, deletion(ANNA, 5, { createdAt, removeEntries: [ENTRY] }));
        }
        await commitSchemaVersion(repository, 2);
        for (const reader of [secondConnection, repository]) {
          expectEqual((await reader.loadSchema(TENANT))?.version, 2, 'the version that loadSchema returns');
        }
      },
    );

    clause(
      `${method}/read-your-writes`,
      `${reading}: never returns data that was read before the call`,
      async (context) => {
        const { repository, secondConnection } = context;
        await commitAll(repository, creation(ANNA, { addEntries: [ENTRY] }));
        const readings = () =>
          [secondConnection, repository].map(async (reader) => (await read(reader))?.revision ?? 0);
        let acknowledged = 1;
        await readWhileWriting(
          context,
          4,
          async () => {
            for (let revision = 1; revision <= 30; revision++) {
              const early = readings();
              await commitAll(repository, update(ANNA, revision));
              acknowledged = revision + 1;
              const late = await awaitAll(readings());
              expectEqual(late, [acknowledged, acknowledged], 'the revisions read right after a commit');
              await awaitAll(early);
            }
          },
          async (connection) => {
            const atLeast = acknowledged;
            const revision = (await read(connection))?.revision ?? 0;
            assert.ok(revision >= atLeast, `read revision ${revision} after revision ${atLeast} had been acknowledged`);
          },
        );
      },
    );
  }
};

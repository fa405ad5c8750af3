import assert from 'node:assert';
import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
import { readWhileWriting, settled } from '../racing.js';
import {
  ANNA,
  CREATED_AT,
  city,
  creation,
  deletion,
  NEXT_INSTANT,
  TENANT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';

const ENTRY = city('Ulm');

/** Ways to read the one profile that there is, if it is there. */
const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<StoredProfile | undefined>>> = {
  load: async (repository) => (await repository.load(TENANT, ANNA, { extensions: true })).profile,
  'load without extensions': async (repository) => (await repository.load(TENANT, ANNA, { extensions: false })).profile,
  find: async (repository) => (await repository.find(TENANT, ENTRY, { limit: 2, extensions: true })).profiles[0],
  page: async (repository) => (await repository.page(TENANT, { limit: 2 }))[0],
};

/** That no reading is behind: replicas that lag and caches without a check would be. */
export const acknowledgedClauses: ClauseGroup = (clause) => {
  for (const [reading, read] of Object.entries(READINGS)) {
    const [method] = reading.split(' ');
    clause(
      `${method}/acknowledged`,
      `${reading}: an acknowledged commit is seen at once, on any connection`,
      async (context) => {
        const { repository, rival } = context;
        const expectRead = async (expected: Partial<StoredProfile>) => {
          for (const reader of [rival, repository]) {
            // Not every reading answers extensions.
            const { revision, attributes, extensions = expected.extensions, createdAt } = (await read(reader)) ?? {};
            expectSame({ revision, attributes, extensions, createdAt }, expected, 'what is read after the commit');
          }
        };
        // Made anew, the profile has the revisions again that a reader may remember of the former one.
        for (const [writer, createdAt] of [
          [repository, CREATED_AT],
          [rival, NEXT_INSTANT],
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
        for (const reader of [rival, repository]) {
          expectSame((await reader.loadSchema(TENANT))?.version, 2, 'the version after the schema change');
        }
      },
    );

    clause(
      `${method}/acknowledged`,
      `${reading}: nobody is answered what was read before he asked`,
      async (context) => {
        const { repository, rival } = context;
        await commitAll(repository, creation(ANNA, { addEntries: [ENTRY] }));
        const readings = () => [rival, repository].map(async (reader) => (await read(reader))?.revision ?? 0);
        let acknowledged = 1;
        await readWhileWriting(
          context,
          4,
          async () => {
            for (let revision = 1; revision <= 30; revision++) {
              const early = readings();
              await commitAll(repository, update(ANNA, revision));
              acknowledged = revision + 1;
              const late = await settled(readings());
              expectSame(late, [acknowledged, acknowledged], 'the revisions that are read right after a commit');
              await settled(early);
            }
          },
          async (connection) => {
            const atLeast = acknowledged;
            const revision = (await read(connection))?.revision ?? 0;
            assert.ok(revision >= atLeast, `revision ${revision} was read after ${atLeast} had been acknowledged`);
          },
        );
      },
    );
  }
};

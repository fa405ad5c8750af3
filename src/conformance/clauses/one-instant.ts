import type { Loaded, ProfileRepository } from '../../storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
import { pause, settled } from '../racing.js';
import { ANNA, BERT, CARL, city, creation, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');
const TOGETHER = [ANNA, BERT, CARL];
const VERSIONS = 15;

/** Attributes and extensions that tell by which schema version they were written. */
const writtenBy = (version: number) => ({ attributes: { By: version }, extensions: { Log: [{ By: version }] } });

const READINGS: Readonly<Record<string, (repository: ProfileRepository) => Promise<Loaded[]>>> = {
  load: async (repository) => {
    const seen: Loaded[] = [];
    for (const id of TOGETHER) seen.push(await repository.load(TENANT, id, { extensions: true }));
    return seen;
  },
  find: async (repository) => {
    const { schemaVersion, profiles } = await repository.find(TENANT, ENTRY, { limit: 10, extensions: true });
    expectSame(
      profiles.map(({ customerId, revision }) => [customerId, revision]),
      TOGETHER.map((id) => [id, profiles[0]?.revision]),
      'the profiles found at one instant, which change together',
    );
    return profiles.map((profile) => ({ schemaVersion, profile }));
  },
};

/** That what is read together stood so at one instant, while profiles and schema change all the time. */
export const oneInstantClauses: ClauseGroup = (clause) => {
  for (const [method, read] of Object.entries(READINGS)) {
    clause(`${method}/one-instant`, 'a reader sees each commit whole or not at all', async ({ repository, rival }) => {
      const creations = TOGETHER.map((id) => creation(id, { ...writtenBy(1), addEntries: [ENTRY] }));
      await commitAll(repository, ...creations);
      let writing = true;
      const writer = async () => {
        for (let version = 2; version <= VERSIONS; version++) {
          await commitSchemaVersion(repository, version);
          const change = { ...writtenBy(version), schemaVersion: version };
          await commitAll(repository, ...TOGETHER.map((id) => update(id, version - 1, change)));
        }
      };
      const reader = async () => {
        let latest = 0;
        while (writing) {
          for (const { schemaVersion = 0, profile } of await read(rival)) {
            const revision = profile?.revision ?? 0;
            const { attributes, extensions } = profile ?? {};
            expectSame({ attributes, extensions }, writtenBy(revision), `the parts of revision ${revision}`);
            // Each schema change is followed by one update of all, which adds one to their revisions.
            const possible = schemaVersion === revision || schemaVersion === revision + 1;
            expectSame(possible, true, `schema version ${schemaVersion} beside revision ${revision} is possible`);
            expectSame(revision >= latest, true, `revision ${revision} after revision ${latest} is possible`);
            latest = revision;
          }
          await pause();
        }
      };
      const stopped = writer().finally(() => {
        writing = false;
      });
      await settled([stopped, reader()]);
    });
  }
};

import assert from 'node:assert';
import type { Loaded, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, loadProfile } from '../expectations.js';
import { pause, settled } from '../racing.js';
import { ANNA, city, creation, sampleSchema, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');
const ROUNDS = 5;
const VERSIONS = 8;
const CROWD = 250;

type Read = (repository: ProfileRepository, extensions: boolean) => Promise<Loaded>;

const READINGS: Readonly<Record<string, Read>> = {
  load: (repository, extensions) => repository.load(TENANT, ANNA, { extensions }),
  find: async (repository, extensions) => {
    const { schemaVersion, profiles } = await repository.find(TENANT, ENTRY, { limit: 10, extensions });
    return { schemaVersion, profile: profiles[0] };
  },
};

/** What was begun at once, and what became of it. */
interface Burst {
  readonly seen: readonly Loaded[];
  /** The schema versions by which updates were committed. */
  readonly committed: readonly number[];
}

/**
 * That a profile and the version of the schema are read at one instant, while schema changes, updates and readings are
 * begun all at once. Where one process does all by turns, nothing else gets between the two parts of a reading.
 */
export const oneInstantBurstClauses: ClauseGroup = (clause) => {
  for (const [method, read] of Object.entries(READINGS)) {
    clause(
      `${method}/one-instant`,
      'what is read together stood so together, however much is begun',
      async (context) => {
        const { repository } = context;
        await commitAll(repository, creation(ANNA, { attributes: { By: 1 }, addEntries: [ENTRY] }));
        for (let round = 0; round < ROUNDS; round++) {
          const { seen, committed } = await burst(context, read);
          for (const loaded of seen) expectPossible(loaded, committed);
        }
      },
    );

    clause(`${method}/one-instant`, 'what is read together stood so together, however many ask', async (context) => {
      const { repository } = context;
      await commitAll(repository, creation(ANNA, { attributes: { By: 1 }, addEntries: [ENTRY] }));
      for (let round = 0; round < ROUNDS; round++) {
        const { seen, committed } = await crowd(context, read);
        for (const loaded of seen) expectPossible(loaded, committed);
      }
    });
  }
};

/**
 * A crowd reads on the second connection, while the first one writes. The second part of a reading has to wait until all
 * others have had their first, in which time schema and profile move on.
 */
async function crowd({ repository, rival }: ClauseContext, read: Read): Promise<Burst> {
  let version = (await repository.loadSchema(TENANT))?.version ?? 0;
  let { revision } = await loadProfile(repository, ANNA);
  const seen = settled(Array.from({ length: CROWD }, (_, number) => read(rival, number % 2 === 0)));
  let reads = true;
  const stop = () => {
    reads = false;
  };
  seen.then(stop, stop);
  const committed: number[] = [];
  while (reads) {
    version++;
    await commitSchemaVersion(repository, version);
    await commitAll(repository, update(ANNA, revision, { schemaVersion: version, attributes: { By: version } }));
    committed.push(version);
    revision++;
    // A store within the process may write without ever letting the readers go on.
    await pause();
  }
  return { seen: await seen, committed };
}

function expectPossible({ schemaVersion = 0, profile }: Loaded, committed: readonly number[]): void {
  const by = Number(profile?.attributes.By);
  // An update takes place while its version is the newest, so that what it replaces is never read beside a later one.
  const next = Math.min(...committed.filter((version) => version > by));
  assert.ok(
    by <= schemaVersion && schemaVersion <= next,
    `version ${schemaVersion} was read beside what an update by version ${by} left, and one by version ${next} replaced`,
  );
}

async function burst({ repository, rival }: ClauseContext, read: Read): Promise<Burst> {
  const version = (await repository.loadSchema(TENANT))?.version ?? 0;
  const { revision } = await loadProfile(repository, ANNA);
  const seen: Promise<Loaded>[] = [];
  const writes: Promise<number | undefined>[] = [];
  for (let number = 1; number <= VERSIONS; number++) {
    const schemaVersion = version + number;
    seen.push(read(repository, number % 2 === 0), read(rival, number % 2 === 0));
    const schema = sampleSchema(`${TENANT}/${schemaVersion}`);
    const change = { tenantId: TENANT, expectedVersion: schemaVersion - 1, schema };
    writes.push(repository.commitSchema(change).then(() => undefined));
    const next = update(ANNA, revision + number - 1, { schemaVersion, attributes: { By: schemaVersion } });
    // Those that come out of turn are refused; that is for other clauses.
    writes.push(repository.commit([next]).then(({ outcome }) => (outcome === 'committed' ? schemaVersion : undefined)));
  }
  const done = settled(writes);
  const loaded = await settled(seen);
  const committed = (await done).filter((one) => one !== undefined);
  return { seen: loaded, committed };
}

import assert from 'node:assert';
import type { Loaded, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { awaitAll, yieldToEventLoop } from '../concurrency.js';
import { commit, commitAll, commitSchemaVersion, loadProfile } from '../expectations.js';
import { ANNA, city, creation, sampleSchema, TENANT, update } from '../sample-changes.js';

const ENTRY = city('Ulm');
const ROUNDS = 5;
const VERSIONS = 8;
const QUEUED_READS = 250;

type Read = (repository: ProfileRepository, extensions: boolean) => Promise<Loaded>;

const READINGS: Readonly<Record<string, Read>> = {
  load: (repository, extensions) => repository.load(TENANT, ANNA, { extensions }),
  find: async (repository, extensions) => {
    const { schemaVersion, profiles } = await repository.find(TENANT, ENTRY, { limit: 10, extensions });
    return { schemaVersion, profile: profiles[0] };
  },
};

/** The results of calls that were started at once. */
interface Observed {
  readonly loads: readonly Loaded[];
  /** The schema versions for which updates were committed. */
  readonly committed: readonly number[];
}

/**
 * A profile and the schema version are read from one snapshot, also if schema changes, updates and reads start at once.
 * In an in-process store, only such load can get between the two halves of a read.
 */
export const snapshotReadUnderLoadClauses: ClauseGroup = (clause) => {
  for (const [method, read] of Object.entries(READINGS)) {
    clause(`${method}/snapshot`, 'reads one snapshot while writes and reads start at once', async (context) => {
      const { repository } = context;
      await commitAll(repository, creation(ANNA, { attributes: { By: 1 }, addEntries: [ENTRY] }));
      for (let round = 0; round < ROUNDS; round++) {
        const { loads, committed } = await readInBurst(context, read);
        for (const loaded of loads) expectPossible(loaded, committed);
      }
    });

    clause(`${method}/snapshot`, 'reads one snapshot while hundreds of reads are queued', async (context) => {
      const { repository } = context;
      await commitAll(repository, creation(ANNA, { attributes: { By: 1 }, addEntries: [ENTRY] }));
      for (let round = 0; round < ROUNDS; round++) {
        const { loads, committed } = await readInQueue(context, read);
        for (const loaded of loads) expectPossible(loaded, committed);
      }
    });
  }
};

/**
 * Queues many reads on the second connection while the first one writes. The second half of a non-atomic read then waits
 * behind the first halves of all others, and schema and profile change in between.
 */
async function readInQueue({ repository, secondConnection }: ClauseContext, read: Read): Promise<Observed> {
  let version = (await repository.loadSchema(TENANT))?.version ?? 0;
  let { revision } = await loadProfile(repository, ANNA);
  const loads = awaitAll(Array.from({ length: QUEUED_READS }, (_, number) => read(secondConnection, number % 2 === 0)));
  let reading = true;
  const stop = () => {
    reading = false;
  };
  loads.then(stop, stop);
  const committed: number[] = [];
  while (reading) {
    version++;
    await commitSchemaVersion(repository, version);
    await commitAll(repository, update(ANNA, revision, { schemaVersion: version, attributes: { By: version } }));
    committed.push(version);
    revision++;
    // Otherwise an in-process store may write without ever letting the readers run.
    await yieldToEventLoop();
  }
  return { loads: await loads, committed };
}

function expectPossible({ schemaVersion = 0, profile }: Loaded, committed: readonly number[]): void {
  const by = Number(profile?.attributes.By);
  // An update commits while its schema version is the newest: the state it replaces is never read with a later version.
  const next = Math.min(...committed.filter((version) => version > by));
  assert.ok(
    by <= schemaVersion && schemaVersion <= next,
    `schema version ${schemaVersion} was read with a profile written for version ${by} and replaced for version ${next}`,
  );
}

async function readInBurst({ repository, secondConnection }: ClauseContext, read: Read): Promise<Observed> {
  const version = (await repository.loadSchema(TENANT))?.version ?? 0;
  const { revision } = await loadProfile(repository, ANNA);
  const loads: Promise<Loaded>[] = [];
  const writes: Promise<number | undefined>[] = [];
  for (let number = 1; number <= VERSIONS; number++) {
    const schemaVersion = version + number;
    loads.push(read(repository, number % 2 === 0), read(secondConnection, number % 2 === 0));
    const schema = sampleSchema(`${TENANT}/${schemaVersion}`);
    const change = { expectedVersion: schemaVersion - 1, schema };
    writes.push(repository.commitSchema(TENANT, change).then(() => undefined));
    const next = update(ANNA, revision + number - 1, { schemaVersion, attributes: { By: schemaVersion } });
    // Out of order, updates are refused, which other clauses check.
    writes.push(
      commit(repository, [next]).then(({ outcome }) => (outcome === 'committed' ? schemaVersion : undefined)),
    );
  }
  const done = awaitAll(writes);
  const loaded = await awaitAll(loads);
  const committed = (await done).filter((one) => one !== undefined);
  return { loads: loaded, committed };
}

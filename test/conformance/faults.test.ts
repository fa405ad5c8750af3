import assert from 'node:assert/strict';
import { describeProfileRepository } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { PageRequest, StoredProfile } from 'dossier/storage';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import type { Fault } from './fault.js';
import { aliasingFaults } from './faults/aliasing-faults.js';
import { atomicCommitFaults } from './faults/atomic-commit-faults.js';
import { batchFaults } from './faults/batch-faults.js';
import { changesFaults } from './faults/changes-faults.js';
import { commitResultFaults } from './faults/commit-result-faults.js';
import { compareAndSetFaults } from './faults/compare-and-set-faults.js';
import { connectionFaults } from './faults/connection-faults.js';
import { dropEntriesFaults } from './faults/drop-entries-faults.js';
import { entryFaults } from './faults/entry-faults.js';
import { erasureFaults } from './faults/erasure-faults.js';
import { historyFaults } from './faults/history-faults.js';
import { historyReadingFaults } from './faults/history-reading-faults.js';
import { keptDeletionFaults } from './faults/kept-deletion-faults.js';
import { lostChangeFaults } from './faults/lost-change-faults.js';
import { manyFaults } from './faults/many-faults.js';
import { nameFaults } from './faults/name-faults.js';
import { pageFaults } from './faults/page-faults.js';
import { profileFaults } from './faults/profile-faults.js';
import { pruneFaults } from './faults/prune-faults.js';
import { readingFaults } from './faults/reading-faults.js';
import { residualValueFaults } from './faults/residual-value-faults.js';
import { schemaFaults } from './faults/schema-faults.js';
import { serverModeFaults } from './faults/server-mode-faults.js';
import { shortPageFaults } from './faults/short-page-faults.js';
import { stateValueFaults } from './faults/state-value-faults.js';
import { tenantFaults } from './faults/tenant-faults.js';
import { timestampFaults } from './faults/timestamp-faults.js';
import { valueFaults } from './faults/value-faults.js';
import { TableRepository } from './table-repository.js';

const faults = [
  ...compareAndSetFaults,
  ...atomicCommitFaults,
  ...batchFaults,
  ...connectionFaults,
  ...profileFaults,
  ...readingFaults,
  ...timestampFaults,
  ...entryFaults,
  ...dropEntriesFaults,
  ...nameFaults,
  ...tenantFaults,
  ...schemaFaults,
  ...pageFaults,
  ...shortPageFaults,
  ...manyFaults,
  ...lostChangeFaults,
  ...valueFaults,
  ...aliasingFaults,
  ...stateValueFaults,
  ...residualValueFaults,
  ...pruneFaults,
  ...keptDeletionFaults,
  ...historyFaults,
  ...historyReadingFaults,
  ...changesFaults,
  ...erasureFaults,
  ...commitResultFaults,
  ...serverModeFaults,
];

/** Correct, though its pages are short: two profiles of a small page, and fewer than the limit of a large one. */
class ShortPagesRepository extends TableRepository {
  protected override pageOf(profiles: readonly StoredProfile[], page: PageRequest): StoredProfile[] {
    return super.pageOf(profiles, { ...page, limit: page.limit > 100 ? 90 : Math.min(2, page.limit) });
  }
}

type Subject = Pick<Fault, 'Repository' | 'connect'>;

/** The titles of the failing clauses, among those that begin with the prefix. */
async function failingTitles({ Repository, connect }: Subject, prefix = ''): Promise<string[]> {
  const dispose = async () => {};
  const createHarness = () => {
    const store = new Repository();
    if (connect === undefined) return { repository: store, dispose };
    return { repository: connect(store), another: async () => connect(store), dispose };
  };
  const capabilities = { anotherConnection: connect !== undefined, ...new Repository().capabilities };
  const outcomes = await runCollected(
    (runner) => describeProfileRepository({ runner, createHarness, capabilities }),
    prefix,
  );
  assert.notEqual(outcomes.length, 0, `no clause title begins with ${prefix}`);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

/** One test that runs every clause takes longer than others may. */
const WHOLE_KIT = 180_000;

describe('conformance kit: fault detection', () => {
  for (const Repository of [InMemoryProfileRepository, TableRepository, ShortPagesRepository]) {
    it(`passes the correct ${Repository.name}`, async function () {
      this.timeout(240_000);
      assert.deepEqual(await failingTitles({ Repository }), []);
    }).timeout(WHOLE_KIT);
  }

  for (const { fault, breaks, ...subject } of faults) {
    it(`${breaks} detects: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(subject, breaks), []);
    });
  }
});

import assert from 'node:assert/strict';
import { describeProfileRepository } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import type { Fault } from './fault.js';
import { batchFaults } from './faults/batch-faults.js';
import { compareAndSetFaults } from './faults/compare-and-set-faults.js';
import { connectionFaults } from './faults/connection-faults.js';
import { dropFaults } from './faults/drop-faults.js';
import { entryFaults } from './faults/entry-faults.js';
import { nameFaults } from './faults/name-faults.js';
import { pageFaults } from './faults/page-faults.js';
import { profileFaults } from './faults/profile-faults.js';
import { readingFaults } from './faults/reading-faults.js';
import { schemaFaults } from './faults/schema-faults.js';
import { sharingFaults } from './faults/sharing-faults.js';
import { tenantFaults } from './faults/tenant-faults.js';
import { timeFaults } from './faults/time-faults.js';
import { valueFaults } from './faults/value-faults.js';
import { wholeCommitFaults } from './faults/whole-commit-faults.js';
import { TableRepository } from './table-repository.js';

const faults = [
  ...compareAndSetFaults,
  ...wholeCommitFaults,
  ...batchFaults,
  ...connectionFaults,
  ...profileFaults,
  ...readingFaults,
  ...timeFaults,
  ...entryFaults,
  ...dropFaults,
  ...nameFaults,
  ...tenantFaults,
  ...schemaFaults,
  ...pageFaults,
  ...valueFaults,
  ...sharingFaults,
];

type Subject = Pick<Fault, 'Repository' | 'connect'>;

/** The titles of the clauses that fail, of those that begin with the prefix. */
async function failingTitles({ Repository, connect }: Subject, prefix = ''): Promise<string[]> {
  const dispose = async () => {};
  const createHarness = () => {
    const store = new Repository();
    if (connect === undefined) return { repository: store, dispose };
    return { repository: connect(store), another: async () => connect(store), dispose };
  };
  const capabilities = { anotherConnection: connect !== undefined };
  const outcomes = await runCollected(
    (runner) => describeProfileRepository({ runner, createHarness, capabilities }),
    prefix,
  );
  assert.notEqual(outcomes.length, 0, `no clause begins with ${prefix}`);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

/** One test that runs every clause takes longer than others may. */
const WHOLE_KIT = 180_000;

describe('the conformance kit', () => {
  for (const Repository of [InMemoryProfileRepository, TableRepository]) {
    it(`passes the honest ${Repository.name}`, async () => {
      assert.deepEqual(await failingTitles({ Repository }), []);
    }).timeout(WHOLE_KIT);
  }

  for (const { fault, breaks, ...subject } of faults) {
    it(`catches by ${breaks}: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(subject, breaks), []);
    });
  }
});

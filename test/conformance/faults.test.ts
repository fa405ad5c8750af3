import assert from 'node:assert/strict';
import type { ProfileRepository } from 'dossier';
import { describeProfileRepository } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { compareAndSetFaults } from './faults/compare-and-set-faults.js';
import { entryFaults } from './faults/entry-faults.js';
import { pageFaults } from './faults/page-faults.js';
import { profileFaults } from './faults/profile-faults.js';
import { schemaFaults } from './faults/schema-faults.js';
import { tenantFaults } from './faults/tenant-faults.js';
import { valueFaults } from './faults/value-faults.js';
import { wholeCommitFaults } from './faults/whole-commit-faults.js';
import { TableRepository } from './table-repository.js';

const faults = [
  ...compareAndSetFaults,
  ...wholeCommitFaults,
  ...profileFaults,
  ...entryFaults,
  ...tenantFaults,
  ...schemaFaults,
  ...pageFaults,
  ...valueFaults,
];

/** The titles of the clauses that fail, of those that begin with the prefix. */
async function failingTitles(Repository: new () => ProfileRepository, prefix = ''): Promise<string[]> {
  const createHarness = () => ({ repository: new Repository(), dispose: async () => {} });
  const outcomes = await runCollected((runner) => describeProfileRepository({ runner, createHarness }), prefix);
  assert.notEqual(outcomes.length, 0, `no clause begins with ${prefix}`);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

describe('the conformance kit', () => {
  for (const Repository of [InMemoryProfileRepository, TableRepository]) {
    it(`passes the honest ${Repository.name}`, async () => {
      assert.deepEqual(await failingTitles(Repository), []);
    });
  }

  for (const { fault, breaks, Repository } of faults) {
    it(`catches by ${breaks}: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(Repository, breaks), []);
    });
  }
});

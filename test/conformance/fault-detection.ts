import assert from 'node:assert/strict';
import { describeProfileRepository } from 'dossier/conformance';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import type { Fault } from './fault.js';

type Subject = Pick<Fault, 'Repository' | 'connect'>;

/** The titles of the failing clauses, among those that begin with the prefix. */
export async function failingTitles({ Repository, connect }: Subject, prefix = ''): Promise<string[]> {
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

/** A test for each fault: a clause that it breaks fails. */
export function describeFaults(what: string, faults: readonly Fault[]): void {
  describe(`conformance kit: fault detection: ${what}`, () => {
    for (const { fault, breaks, ...subject } of faults) {
      it(`${breaks} detects: ${fault}`, async () => {
        assert.notDeepEqual(await failingTitles(subject, breaks), []);
      });
    }
  });
}

import assert from 'node:assert/strict';
import { describeProfileRepository, type RandomCommandsOptions } from 'dossier/conformance';
import type { StoredProfile, UpdateChange } from 'dossier/storage';
import { describe, it } from 'mocha';
import { runCollected, type TestOutcome } from './collecting-runner.js';
import { TableRepository } from './table-repository.js';

class SegmentKeepingRepository extends TableRepository {
  protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
    return { ...super.updated(current, change), segment: change.segment ?? current.segment };
  }
}

async function runRandomCommands(
  Repository: typeof TableRepository,
  randomCommands: RandomCommandsOptions,
): Promise<TestOutcome> {
  const createHarness = () => ({ repository: new Repository(), dispose: async () => {} });
  const [outcome] = await runCollected(
    (runner) =>
      describeProfileRepository({ runner, createHarness, randomCommands, capabilities: { anotherConnection: false } }),
    'model/random-commands',
  );
  return outcome ?? assert.fail('the kit has no clause model/random-commands');
}

/** The counterexample in the message of fast-check, without the recorded calls. */
function counterexample({ failure }: TestOutcome): string | undefined {
  return failure?.message.match(/Counterexample: .*/)?.[0];
}

describe('conformance kit: random commands', () => {
  it('generates the same commands from the same seed', async () => {
    const first = await runRandomCommands(SegmentKeepingRepository, { seed: 7 });
    const second = await runRandomCommands(SegmentKeepingRepository, { seed: 7 });
    assert.match(first.title, /seed 7 /);
    assert.ok(counterexample(first));
    assert.equal(counterexample(first), counterexample(second));
  });

  it('prints seed and path, which replay the failure', async () => {
    const found = await runRandomCommands(SegmentKeepingRepository, { seed: 7 });
    const path = found.failure?.message.match(/seed: 7, path: "([\d:]+)"/)?.[1];
    assert.ok(path);
    const replayed = await runRandomCommands(SegmentKeepingRepository, { seed: 7, path, runs: 1 });
    assert.equal(counterexample(replayed), counterexample(found));
  });

  it('names the result or the part of the state that differs', async () => {
    const { failure } = await runRandomCommands(SegmentKeepingRepository, { seed: 7 });
    assert.match(failure?.message ?? '', /the state of tenant [01] after the last command: at \/profiles\/\d\/segment/);
  });

  it('passes a correct repository from any seed', async () => {
    for (const seed of [1, 2, 3, 4]) {
      assert.equal((await runRandomCommands(TableRepository, { seed, runs: 50 })).failure, undefined);
    }
  });
});

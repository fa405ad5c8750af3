import assert from 'node:assert/strict';
import { describeProfileRepository } from 'dossier/conformance';
import { StorageUnavailableError } from 'dossier/storage';
import { describe, it } from 'mocha';
import { type BrokenBehaviour, breakableHarness } from './breakable-store.js';
import { runCollected } from './collecting-runner.js';
import { TableRepository } from './table-repository.js';

interface DurabilityFault extends BrokenBehaviour {
  readonly fault: string;
  readonly breaks: string;
}

const FAULTS: readonly DurabilityFault[] = [
  {
    fault: 'a reopened store is empty',
    breaks: 'durability/reopened',
    reopened: () => new TableRepository(),
  },
  {
    fault: 'a reopened store has no former states',
    breaks: 'durability/history',
    reopened: (store) => store.copyWithoutFormerStates(),
  },
  {
    fault: 'a reopened store has no lines',
    breaks: 'durability/changes',
    reopened: (store) => store.copyWithoutFormerStates(),
  },
  {
    fault: 'a reopened store is in production',
    breaks: 'durability/server-mode',
    reopened: (store) => store.copyWithoutServerMode(),
  },
  {
    fault: 'the mode is read from a cache',
    breaks: 'faults/reads',
    working: ['loadServerMode'],
  },
  {
    fault: 'the mode is kept in the process while the store cannot be reached',
    breaks: 'faults/writes',
    working: ['storeServerMode'],
  },
  {
    fault: 'history answers while the store cannot be reached',
    breaks: 'faults/reads',
    working: ['history'],
  },
  {
    fault: 'prune answers while the store cannot be reached',
    breaks: 'faults/writes',
    working: ['prune'],
  },
  {
    fault: 'ping resolves while the store cannot be reached',
    breaks: 'faults/ping',
    working: ['ping'],
  },
  {
    fault: "a read rejects with the driver's own error",
    breaks: 'faults/reads',
    error: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  },
  {
    fault: 'loadSchema answers from a cache',
    breaks: 'faults/reads',
    working: ['loadSchema'],
  },
  {
    fault: 'a read has an unknown outcome',
    breaks: 'faults/reads',
    error: () => new StorageUnavailableError('The store cannot be reached.', { outcomeUnknown: true }),
  },
  {
    fault: 'the cause of an error holds the parameters of the statement',
    breaks: 'faults/writes',
    error: (_, args) =>
      new StorageUnavailableError('The store cannot be reached.', {
        cause: Object.assign(new Error('insert failed'), { parameters: JSON.stringify(args) }),
      }),
  },
  {
    fault: 'a commit takes place, and rejects as if it had not',
    breaks: 'faults/recovered',
    done: ['commit'],
    error: () => new StorageUnavailableError('The store cannot be reached.'),
  },
];

const capabilities = { history: true, changes: true, erasure: true, serverMode: true };

async function failures(behaviour: BrokenBehaviour, prefix: string): Promise<string[]> {
  const harness = breakableHarness(behaviour);
  const outcomes = await runCollected(
    (runner) => describeProfileRepository({ runner, ...harness, capabilities }),
    prefix,
  );
  assert.notEqual(outcomes.length, 0, `no clause title begins with ${prefix}`);
  return outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure.message]));
}

describe('conformance kit: durability and faults', () => {
  it('passes a correct store that can be broken and reopened', async () => {
    for (const group of ['durability/', 'faults/']) {
      assert.deepEqual(await failures({}, group), []);
      assert.deepEqual(await failures({ done: ['commit'] }, group), [], 'a commit of unknown outcome that took place');
    }
  });

  for (const { fault, breaks, ...behaviour } of FAULTS) {
    it(`${breaks} detects: ${fault}`, async () => {
      assert.notDeepEqual(await failures(behaviour, breaks), []);
    });
  }
});

import assert from 'node:assert/strict';
import type { ProfileRepository } from 'dossier';
import { type ConformanceOptions, describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { TableRepository } from './table-repository.js';

type Harness = Pick<ConformanceOptions, 'createHarness' | 'capabilities'>;
type Transaction = NonNullable<RepositoryHarness['transaction']>;

const dispose = async () => {};

/** A harness of honest repositories whose `transaction` is another. */
function withTransaction(make: (repository: TableRepository) => Transaction): Harness {
  return {
    capabilities: { hostTransactions: true },
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, transaction: make(repository), dispose };
    },
  };
}

async function failingTitles(harness: Harness, prefix = ''): Promise<string[]> {
  const outcomes = await runCollected((runner) => describeProfileRepository({ runner, ...harness }), prefix);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

const shared = new TableRepository();

const HARNESS_FAULTS: readonly (Harness & { readonly fault: string; readonly breaks: string })[] = [
  {
    fault: 'all stores are one',
    breaks: 'harness/isolated',
    createHarness: () => ({ repository: shared, dispose }),
  },
  {
    fault: 'a second connection is declared and not given',
    breaks: 'harness/another',
    capabilities: { anotherConnection: true },
    createHarness: () => ({ repository: new TableRepository(), dispose }),
  },
  {
    fault: 'a second connection is given and not declared',
    breaks: 'harness/another',
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, another: async () => repository, dispose };
    },
  },
  {
    fault: 'the second connection leads to another store',
    breaks: 'harness/another',
    capabilities: { anotherConnection: true },
    createHarness: () => ({ repository: new TableRepository(), another: async () => new TableRepository(), dispose }),
  },
  {
    fault: 'host transactions are declared and not given',
    breaks: 'transaction/declared',
    capabilities: { hostTransactions: true },
    createHarness: () => ({ repository: new TableRepository(), dispose }),
  },
  {
    fault: 'host transactions are given and not declared',
    breaks: 'transaction/declared',
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, transaction: (work) => repository.transaction(work), dispose };
    },
  },
  {
    fault: 'a repository writes outside the transaction of the host',
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      await work(repository);
    }),
  },
  {
    fault: 'a transaction is always rolled back',
    breaks: 'transaction/commit',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(bound).then(() => 'rollback'))),
  },
  {
    fault: 'an obstacle ends the transaction of the host',
    breaks: 'transaction/obstacles',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(aborting(bound)))),
  },
  {
    fault: 'the work is never run',
    breaks: 'transaction/rollback',
    ...withTransaction(() => async () => {}),
  },
];

/** As PostgreSQL does after an error in a transaction: nothing works any more. */
function aborting(repository: ProfileRepository): ProfileRepository {
  let aborted = false;
  return new Proxy(repository, {
    get: (target, member) => {
      const method: unknown = Reflect.get(target, member);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (aborted) throw new Error('the transaction is aborted');
        const answer = await Reflect.apply(method, target, args);
        aborted = member === 'commit' && answer.outcome !== 'committed';
        return answer;
      };
    },
  });
}

describe('the conformance kit, on the harness it is given', () => {
  it('passes an honest one with a second connection and host transactions', async () => {
    const createHarness = () => {
      const repository = new TableRepository();
      return {
        repository,
        another: async () => repository,
        transaction: (work: Parameters<Transaction>[0]) => repository.transaction(work),
        dispose,
      };
    };
    const capabilities = { anotherConnection: true, hostTransactions: true };
    assert.deepEqual(await failingTitles({ capabilities, createHarness }), []);
  });

  for (const { fault, breaks, ...harness } of HARNESS_FAULTS) {
    it(`catches by ${breaks}: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(harness, breaks), []);
    });
  }
});

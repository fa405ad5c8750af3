import assert from 'node:assert/strict';
import { type ConformanceOptions, describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import type {
  Change,
  CommitResult,
  Loaded,
  ProfileRepository,
  SchemaChange,
  SchemaCommitResult,
} from 'dossier/storage';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { type EntryRow, TableRepository } from './table-repository.js';

type Harness = Pick<ConformanceOptions, 'createHarness' | 'capabilities' | 'callTimeout'>;
type Transaction = NonNullable<RepositoryHarness['transaction']>;

const dispose = async () => {};

class RewindableRepository extends TableRepository {
  takeDown(): ReturnType<TableRepository['snapshot']> {
    return this.snapshot();
  }

  bringBack(state: ReturnType<TableRepository['snapshot']>): void {
    this.restore(state);
  }

  clear(): void {
    this.restore({ profiles: [], entries: [] });
    this.schemas = [];
  }
}

/** A harness of honest repositories whose `transaction` is another. */
function withTransaction(make: (repository: RewindableRepository) => Transaction): Harness {
  return {
    capabilities: { hostTransactions: true },
    createHarness: () => {
      const repository = new RewindableRepository();
      return { repository, transaction: make(repository), dispose };
    },
  };
}

/** A harness of repositories of a class, honest about transactions but for what they keep themselves. */
function keepingOverTransactions(Repository: new () => TableRepository): Harness {
  return {
    capabilities: { hostTransactions: true },
    createHarness: () => {
      const repository = new Repository();
      return { repository, transaction: (work) => repository.transaction(work), dispose };
    },
  };
}

const shared = new TableRepository();

const all: RewindableRepository[] = [];

class SharedIndexRepository extends TableRepository {
  static #entries: readonly EntryRow[] = [];

  constructor() {
    super();
    Object.defineProperty(this, 'entries', {
      get: () => SharedIndexRepository.#entries,
      set: (entries: readonly EntryRow[]) => {
        SharedIndexRepository.#entries = entries;
      },
    });
  }
}

/** Another repository over the same store. */
function connectionTo(store: TableRepository): ProfileRepository {
  return new Proxy(store, {});
}

async function failingTitles(harness: Harness, prefix = ''): Promise<string[]> {
  const outcomes = await runCollected((runner) => describeProfileRepository({ runner, ...harness }), prefix);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

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
    fault: 'the second connection is the first one',
    breaks: 'harness/another',
    capabilities: { anotherConnection: true },
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, another: async () => repository, dispose };
    },
  },
  {
    fault: 'the second connection never comes',
    breaks: 'harness/another',
    capabilities: { anotherConnection: true },
    callTimeout: 10,
    createHarness: () => ({ repository: new TableRepository(), another: () => new Promise(() => {}), dispose }),
  },
  {
    fault: 'a store is disposed of together with all others',
    breaks: 'harness/disposed',
    createHarness: () => {
      const repository = new RewindableRepository();
      all.push(repository);
      const disposeOfAll = async () => {
        for (const one of all) one.clear();
      };
      return { repository, dispose: disposeOfAll };
    },
  },
  {
    fault: 'two stores share their index entries',
    breaks: 'harness/isolated',
    createHarness: () => ({ repository: new SharedIndexRepository(), dispose }),
  },
  {
    fault: 'there is no dispose',
    breaks: 'harness/fresh',
    createHarness: () => ({ repository: new TableRepository() }) as unknown as RepositoryHarness,
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
    fault: 'an obstacle takes back what the transaction did before it',
    breaks: 'transaction/obstacles',
    ...withTransaction((repository) => (work) => repository.transaction(() => work(beginningAnew(repository)))),
  },
  {
    fault: 'dropping entries is no part of the transaction',
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      const dropped: Parameters<ProfileRepository['dropEntries']>[] = [];
      await repository.transaction((bound) => work(replacing(bound, 'dropEntries', droppingAlso(bound, dropped))));
      for (const args of dropped) await repository.dropEntries(...args);
    }),
  },
  {
    fault: 'page reads what was there before the transaction',
    breaks: 'transaction/commit',
    ...withTransaction((repository) => async (work) => {
      const before = await repository.page('1', { limit: 10 });
      await repository.transaction((bound) => work(replacing(bound, 'page', async () => structuredClone(before))));
    }),
  },
  {
    fault: 'an obstacle ends the transaction of the host',
    breaks: 'transaction/obstacles',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(aborting(bound)))),
  },
  {
    fault: 'a schema that a tenant begins with is no part of the transaction',
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      const begun: Parameters<ProfileRepository['commitSchema']>[0][] = [];
      const commitSchema: ProfileRepository['commitSchema'] = (change) => {
        if (change.expectedVersion === 0) begun.push(change);
        return repository.commitSchema(change);
      };
      await repository.transaction((bound) => work(replacing(bound, 'commitSchema', commitSchema)));
      for (const change of begun) await repository.commitSchema(change);
    }),
  },
  {
    fault: 'of two commits at once one takes back what the other has done',
    breaks: 'transaction/together',
    ...withTransaction((repository) => (work) => repository.transaction(() => work(takingBack(repository)))),
  },
  {
    fault: 'of commits at once each looks at what is there before the others write',
    breaks: 'transaction/together: of commits for one revision',
    ...withTransaction((repository) => (work) => repository.transaction(() => work(lookingFirst(repository)))),
  },
  {
    fault: 'what a revision was in a transaction that was rolled back is answered afterwards',
    breaks: 'transaction/rollback',
    ...keepingOverTransactions(
      class extends TableRepository {
        readonly #kept = new Map<string, Loaded['profile']>();

        override async load(...args: Parameters<ProfileRepository['load']>): Promise<Loaded> {
          const { schemaVersion, profile } = await super.load(...args);
          const name = JSON.stringify([...args, profile?.revision, profile?.createdAt]);
          if (!this.#kept.has(name)) this.#kept.set(name, profile);
          return { schemaVersion, profile: structuredClone(this.#kept.get(name)) };
        }
      },
    ),
  },
  {
    fault: 'a schema version that was rolled back still passes for the newest',
    breaks: 'transaction/rollback',
    ...keepingOverTransactions(
      class extends TableRepository {
        readonly #written = new Map<string, number>();

        override commitSchema(change: SchemaChange): Promise<SchemaCommitResult> {
          this.#written.set(change.tenantId, change.expectedVersion + 1);
          return super.commitSchema(change);
        }

        protected override schemaObstacle(changes: readonly Change[]): CommitResult | undefined {
          return super.schemaObstacle(
            changes.filter(({ tenantId, schemaVersion }) => schemaVersion !== this.#written.get(tenantId)),
          );
        }
      },
    ),
  },
  {
    fault: 'what a commit has written when it meets another transaction stays',
    breaks: 'transaction/racing',
    ...withTransaction((repository) => {
      let latest: Promise<unknown> = Promise.resolve();
      return async (work) => {
        const ended = latest;
        const working = work(leavingBehind(repository, ended));
        latest = working.catch(() => {});
        await working;
      };
    }),
  },
  {
    fault: 'entries that another transaction is dropping are passed over',
    breaks: 'transaction/racing: entries that',
    ...withTransaction((repository) => {
      let open = 0;
      return async (work) => {
        open += 1;
        try {
          if (open === 1) await repository.transaction(work);
          else await work(replacing(repository, 'dropEntries', async () => 0));
        } finally {
          open -= 1;
        }
      };
    }),
  },
  {
    fault: 'the work is never run',
    breaks: 'transaction/rollback',
    ...withTransaction(() => async () => {}),
  },
];

/** The same repository but for one method. */
function replacing<Name extends keyof ProfileRepository>(
  repository: ProfileRepository,
  name: Name,
  replacement: ProfileRepository[Name],
): ProfileRepository {
  return new Proxy(repository, {
    get(target, member) {
      const method: unknown = member === name ? replacement : Reflect.get(target, member);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

/** Takes down what was dropped, to drop it once more. */
function droppingAlso(
  repository: ProfileRepository,
  dropped: Parameters<ProfileRepository['dropEntries']>[],
): ProfileRepository['dropEntries'] {
  return (...args) => {
    dropped.push(args);
    return repository.dropEntries(...args);
  };
}

/** As one does that takes the whole transaction back, and not a savepoint, when something stands in the way. */
function beginningAnew(repository: RewindableRepository): ProfileRepository {
  const before = repository.takeDown();
  return replacing(repository, 'commit', async (changes) => {
    const result = await repository.commit(changes);
    if (result.outcome !== 'committed') repository.bringBack(before);
    return result;
  });
}

/** As one does whose savepoints all have one name, and no turns. */
function takingBack(repository: RewindableRepository): ProfileRepository {
  return replacing(repository, 'commit', async (changes) => {
    const before = repository.takeDown();
    await new Promise((resolve) => setImmediate(resolve));
    const result = await repository.commit(changes);
    if (result.outcome !== 'committed') repository.bringBack(before);
    return result;
  });
}

/** As one does whose commits on one connection do not wait for each other, for no lock keeps a transaction from itself. */
function lookingFirst(repository: ProfileRepository): ProfileRepository {
  return replacing(repository, 'commit', async (changes) => {
    const [change] = changes;
    if (change?.kind !== 'update') return repository.commit(changes);
    const { tenantId, customerId, expectedRevision } = change;
    const seen = (await repository.load(tenantId, customerId, { extensions: false })).profile;
    await new Promise((resolve) => setImmediate(resolve));
    if (seen?.revision !== expectedRevision) return repository.commit(changes);
    const { revision } = (await repository.load(tenantId, customerId, { extensions: false })).profile ?? seen;
    return repository.commit([{ ...change, expectedRevision: revision }, ...changes.slice(1)]);
  });
}

/** As one does that looks first, waits for the locks of others while it writes, and takes nothing back after that. */
function leavingBehind(repository: ProfileRepository, othersEnd: Promise<unknown>): ProfileRepository {
  let othersGoOn = true;
  const over = othersEnd.finally(() => {
    othersGoOn = false;
  });
  return replacing(repository, 'commit', async (changes) => {
    const waits = othersGoOn;
    await over;
    const result = await repository.commit(changes);
    if (waits && 'index' in result) await repository.commit(changes.slice(0, result.index));
    return result;
  });
}

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
        another: async () => connectionTo(repository),
        transaction: (work: Parameters<Transaction>[0]) => repository.transaction(work),
        dispose,
      };
    };
    const capabilities = { anotherConnection: true, hostTransactions: true };
    assert.deepEqual(await failingTitles({ capabilities, createHarness }), []);
  }).timeout(180_000); // every clause in one test

  it('says of a clause of the harness that the repository may be at fault', async () => {
    const loadsNothing = replacing(new TableRepository(), 'load', async () => ({}));
    const outcomes = await runCollected(
      (runner) => describeProfileRepository({ runner, createHarness: () => ({ repository: loadsNothing, dispose }) }),
      'harness/another',
    );
    assert.match(outcomes[0]?.failure?.message ?? '', /reading or committing not work yet/);
  });

  for (const { fault, breaks, ...harness } of HARNESS_FAULTS) {
    it(`catches by ${breaks}: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(harness, breaks), []);
    });
  }
});

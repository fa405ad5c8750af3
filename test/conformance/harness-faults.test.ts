import assert from 'node:assert/strict';
import { type ConformanceOptions, describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import type {
  CommitResult,
  HistoryPage,
  Loaded,
  ProfileRepository,
  RepositoryCapabilities,
  SchemaChange,
  SchemaCommitResult,
  ServerMode,
} from 'dossier/storage';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { ReplacingTableRepository } from './replacing-table-repository.js';
import { type EntryRow, type TableChange, TableRepository } from './table-repository.js';

type Harness = Pick<ConformanceOptions, 'createHarness' | 'capabilities' | 'callTimeout'>;
type Transaction = NonNullable<RepositoryHarness['transaction']>;

const dispose = async () => {};
/** Declares nothing. */
const SILENT: ConformanceOptions['runner'] = { describe() {}, it() {}, beforeEach() {}, afterEach() {} };

class RewindableRepository extends TableRepository {
  capture(): ReturnType<TableRepository['snapshot']> {
    return this.snapshot();
  }

  revert(state: ReturnType<TableRepository['snapshot']>): void {
    this.restore(state);
  }

  clear(): void {
    this.restore({ profiles: [], deletions: [], formerStates: [], lines: [], entries: [], receipts: [] });
    this.schemas = [];
  }
}

/** A harness of correct repositories with a faulty `transaction`. */
function withTransaction(make: (repository: RewindableRepository) => Transaction): Harness {
  return {
    capabilities: { hostTransactions: true, history: true, changes: true, serverMode: true },
    createHarness: () => {
      const repository = new RewindableRepository();
      return { repository, transaction: make(repository), dispose };
    },
  };
}

/** A harness with correct transactions whose repositories keep state of their own across them. */
function sharingStateAcrossTransactions(Repository: new () => TableRepository): Harness {
  return {
    capabilities: { hostTransactions: true, history: true, changes: true, serverMode: true },
    createHarness: () => {
      const repository = new Repository();
      return { repository, transaction: (work) => repository.transaction(work), dispose };
    },
  };
}

const sharedRepository = new TableRepository();

const allRepositories: RewindableRepository[] = [];

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

/** Opens another repository over the same store. */
function connectionTo(store: TableRepository): ProfileRepository {
  return new Proxy(store, {});
}

async function failingTitles(harness: Harness, prefix = ''): Promise<string[]> {
  const outcomes = await runCollected((runner) => describeProfileRepository({ runner, ...harness }), prefix);
  return outcomes.filter((outcome) => outcome.failure !== undefined).map((outcome) => outcome.title);
}

type HarnessFault = Harness & { readonly fault: string; readonly breaks: string };

const HARNESS_FAULTS: readonly HarnessFault[] = [
  {
    fault: 'all harnesses share one store',
    breaks: 'harness/isolated',
    createHarness: () => ({ repository: sharedRepository, dispose }),
  },
  {
    fault: 'a second connection is declared but not provided',
    breaks: 'harness/second-connection',
    capabilities: { anotherConnection: true },
    createHarness: () => ({ repository: new TableRepository(), dispose }),
  },
  {
    fault: 'neither a second connection is provided, nor is it declared that there can be none',
    breaks: 'harness/second-connection',
    createHarness: () => ({ repository: new TableRepository(), dispose }),
  },
  {
    fault: 'a second connection is provided, and declared impossible',
    breaks: 'harness/second-connection',
    capabilities: { anotherConnection: false },
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, another: async () => repository, dispose };
    },
  },
  {
    fault: 'the second connection leads to another store',
    breaks: 'harness/second-connection',
    capabilities: { anotherConnection: true },
    createHarness: () => ({ repository: new TableRepository(), another: async () => new TableRepository(), dispose }),
  },
  {
    fault: 'the second connection is the first one',
    breaks: 'harness/second-connection',
    capabilities: { anotherConnection: true },
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, another: async () => repository, dispose };
    },
  },
  {
    fault: 'opening the second connection never settles',
    breaks: 'harness/second-connection',
    capabilities: { anotherConnection: true },
    callTimeout: 10,
    createHarness: () => ({ repository: new TableRepository(), another: () => new Promise(() => {}), dispose }),
  },
  {
    fault: 'dispose clears all stores',
    breaks: 'harness/disposed',
    createHarness: () => {
      const repository = new RewindableRepository();
      allRepositories.push(repository);
      const disposeOfAll = async () => {
        for (const one of allRepositories) one.clear();
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
    fault: 'dispose is missing',
    breaks: 'harness/fresh',
    createHarness: () => ({ repository: new TableRepository() }) as unknown as RepositoryHarness,
  },
  {
    fault: 'host transactions are declared but not provided',
    breaks: 'transaction/declared',
    capabilities: { hostTransactions: true },
    createHarness: () => ({ repository: new TableRepository(), dispose }),
  },
  {
    fault: 'host transactions are provided but not declared',
    breaks: 'transaction/declared',
    createHarness: () => {
      const repository = new TableRepository();
      return { repository, transaction: (work) => repository.transaction(work), dispose };
    },
  },
  {
    fault: 'the repository writes outside the host transaction',
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      await work(repository);
    }),
  },
  {
    fault: 'the transaction is always rolled back',
    breaks: 'transaction/commit',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(bound).then(() => 'rollback'))),
  },
  {
    fault: 'a conflict rolls back the whole transaction',
    breaks: 'transaction/conflicts',
    ...withTransaction((repository) => (work) => repository.transaction(() => work(revertingTransaction(repository)))),
  },
  {
    fault: 'dropEntries runs outside the transaction',
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      const dropped: Parameters<ProfileRepository['dropEntries']>[] = [];
      await repository.transaction((bound) => work(replacing(bound, 'dropEntries', recordingDrops(bound, dropped))));
      for (const args of dropped) await repository.dropEntries(...args);
    }),
  },
  {
    fault: 'page reads the state before the transaction',
    breaks: 'transaction/commit',
    ...withTransaction((repository) => async (work) => {
      const before = await repository.page('1', { limit: 10 });
      await repository.transaction((bound) => work(replacing(bound, 'page', async () => structuredClone(before))));
    }),
  },
  {
    fault: 'a conflict aborts the host transaction',
    breaks: 'transaction/conflicts',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(abortingOnConflict(bound)))),
  },
  {
    fault: "a tenant's first schema is stored outside the transaction",
    breaks: 'transaction/rollback',
    ...withTransaction((repository) => async (work) => {
      const begun: Parameters<ProfileRepository['commitSchema']>[] = [];
      const commitSchema: ProfileRepository['commitSchema'] = (tenantId, change) => {
        if (change.expectedVersion === 0) begun.push([tenantId, change]);
        return repository.commitSchema(tenantId, change);
      };
      await repository.transaction((bound) => work(replacing(bound, 'commitSchema', commitSchema)));
      for (const args of begun) await repository.commitSchema(...args);
    }),
  },
  {
    fault: 'a concurrent commit on the same transaction is rolled back along with a refused one',
    breaks: 'transaction/concurrent-commits',
    ...withTransaction((repository) => (work) => repository.transaction(() => work(sharingOneSavepoint(repository)))),
  },
  {
    fault: 'concurrent commits on the same transaction all check before any writes',
    breaks: 'transaction/concurrent-commits: exactly one of concurrent commits for one revision',
    ...withTransaction(
      (repository) => (work) => repository.transaction(() => work(checkingBeforeOthersWrite(repository))),
    ),
  },
  {
    fault: 'a cache returns a revision that was rolled back',
    breaks: 'transaction/rollback',
    ...sharingStateAcrossTransactions(
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
    fault: 'a schema version that was rolled back is still accepted',
    breaks: 'transaction/rollback',
    ...sharingStateAcrossTransactions(
      class extends TableRepository {
        readonly #written = new Map<string, number>();

        override commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
          this.#written.set(tenantId, change.expectedVersion + 1);
          return super.commitSchema(tenantId, change);
        }

        protected override schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
          return super.schemaConflict(
            changes.filter(({ tenantId, schemaVersion }) => schemaVersion !== this.#written.get(tenantId)),
          );
        }
      },
    ),
  },
  {
    fault: 'writes before a conflict with another transaction are not rolled back',
    breaks: 'transaction/racing',
    ...withTransaction((repository) => {
      let latest: Promise<unknown> = Promise.resolve();
      return async (work) => {
        const ended = latest;
        const working = work(writingBeforeConflict(repository, ended));
        latest = working.catch(() => {});
        await working;
      };
    }),
  },
  {
    fault: 'dropEntries skips entries that another transaction is dropping',
    breaks: 'transaction/racing: dropEntries waits',
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
  ...(['capabilities', 'history', 'prune'] as const).map((member) => ({
    fault: `a bound repository has no ${member}`,
    breaks: 'transaction/history-declared',
    ...withTransaction((repository) => (work) => repository.transaction((bound) => work(without(bound, member)))),
  })),
  {
    fault: 'states that a transaction kept stay after a rollback',
    breaks: 'transaction/history-rollback',
    ...withTransaction((repository) => async (work) => {
      let kept = repository.capture();
      await repository.transaction(async (bound) => {
        const end = await work(bound);
        kept = repository.capture();
        return end;
      });
      repository.revert({ ...repository.capture(), formerStates: kept.formerStates });
    }),
  },
  {
    fault: 'deletions that a transaction kept stay after a rollback',
    breaks: 'transaction/history-rollback',
    ...withTransaction((repository) => async (work) => {
      let kept = repository.capture();
      await repository.transaction(async (bound) => {
        const end = await work(bound);
        kept = repository.capture();
        return end;
      });
      repository.revert({ ...repository.capture(), deletions: kept.deletions });
    }),
  },
  {
    fault: 'prune runs outside the transaction',
    breaks: 'transaction/history-rollback',
    ...withTransaction((repository) => async (work) => {
      const pruned: Parameters<TableRepository['prune']>[] = [];
      const prune: TableRepository['prune'] = (...args) => {
        pruned.push(args);
        return repository.prune(...args);
      };
      await repository.transaction((bound) => work(replacing(bound, 'prune', prune)));
      for (const args of pruned) await repository.prune(...args);
    }),
  },
  {
    fault: 'history reads the state before the transaction',
    breaks: 'transaction/history-commit',
    ...withTransaction((repository) => async (work) => {
      const before = new Map<string, HistoryPage>();
      for (const id of ['anna', 'bert']) before.set(id, await repository.history('1', id, { limit: 1_000 }));
      const history: TableRepository['history'] = async (_, id) => before.get(id) ?? { states: [], more: false };
      await repository.transaction((bound) => work(replacing(bound, 'history', history)));
    }),
  },
  {
    fault: 'states are kept outside the savepoint of a commit',
    breaks: 'transaction/history-conflicts',
    ...sharingStateAcrossTransactions(
      class extends TableRepository {
        protected override restore(before: ReturnType<TableRepository['snapshot']>): void {
          super.restore({ ...before, formerStates: this.formerStates });
        }
      },
    ),
  },
  {
    fault: 'the mode of the server is stored outside the transaction',
    breaks: 'transaction/server-mode',
    ...withTransaction((repository) => async (work) => {
      let stored: ServerMode | undefined;
      await repository.transaction(async (bound) => {
        const end = await work(bound);
        stored = await repository.loadServerMode();
        return end;
      });
      if (stored) await repository.storeServerMode(stored);
    }),
  },
  ...declarationFaults('history', 'history', ['history', 'prune']),
  ...declarationFaults('replace', 'replace', [], ReplacingTableRepository),
  ...declarationFaults('changes', 'changes', ['changes', 'pruneChanges']),
  ...declarationFaults('erasure', 'erasure', ['lineage', 'erase']),
  ...declarationFaults('server-mode', 'serverMode', ['loadServerMode', 'storeServerMode']),
  {
    fault: 'lines outlive the rollback of their transaction',
    breaks: 'changes/transaction',
    ...sharingStateAcrossTransactions(
      class extends TableRepository {
        protected override restore(before: ReturnType<TableRepository['snapshot']>): void {
          super.restore({ ...before, lines: this.lines });
        }
      },
    ),
  },
  {
    fault: 'the work never runs',
    breaks: 'transaction/rollback',
    ...withTransaction(() => async () => {}),
  },
];

/** What only one of the repository and the options declares, and what is declared and not there. */
function declarationFaults(
  prefix: string,
  capability: keyof RepositoryCapabilities,
  methods: readonly (keyof ProfileRepository)[],
  Repository: new () => ProfileRepository = TableRepository,
): readonly HarnessFault[] {
  const breaks = `${prefix}/declared`;
  const undeclared = { anotherConnection: false };
  const declared = { anotherConnection: false, [capability]: true };
  const lacking = (...members: readonly (keyof ProfileRepository)[]) => ({
    createHarness: () => ({ repository: members.reduce(without, new Repository()), dispose }),
  });
  return [
    {
      fault: `the repository declares ${capability}, and the options do not`,
      breaks,
      ...lacking(),
      capabilities: undeclared,
    },
    {
      fault: `the options declare ${capability}, and the repository does not`,
      breaks,
      ...lacking('capabilities'),
      capabilities: declared,
    },
    ...methods.flatMap((method) => [
      {
        fault: `${capability} is declared, and the method \`${method}\` is missing`,
        breaks,
        ...lacking(method),
        capabilities: declared,
      },
      {
        fault: `${capability} is not declared, and there is a method \`${method}\``,
        breaks,
        ...lacking('capabilities', ...methods.filter((other) => other !== method)),
        capabilities: undeclared,
      },
    ]),
  ];
}

/** A repository with one method replaced. */
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

/** A repository without one of its members. */
function without(repository: ProfileRepository, name: keyof ProfileRepository): ProfileRepository {
  return new Proxy(repository, {
    get(target, member) {
      const own: unknown = member === name ? undefined : Reflect.get(target, member);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

/** Records the calls, to repeat them outside the transaction. */
function recordingDrops(
  repository: ProfileRepository,
  dropped: Parameters<ProfileRepository['dropEntries']>[],
): ProfileRepository['dropEntries'] {
  return (...args) => {
    dropped.push(args);
    return repository.dropEntries(...args);
  };
}

/** Rolls back the whole transaction on a conflict instead of a savepoint. */
function revertingTransaction(repository: RewindableRepository): ProfileRepository {
  const before = repository.capture();
  return replacing(repository, 'commit', async (tenantId, changes, options) => {
    const result = await repository.commit(tenantId, changes, options);
    if (result.outcome !== 'committed') repository.revert(before);
    return result;
  });
}

/** Uses one savepoint name for concurrent commits. */
function sharingOneSavepoint(repository: RewindableRepository): ProfileRepository {
  return replacing(repository, 'commit', async (tenantId, changes, options) => {
    const before = repository.capture();
    await new Promise((resolve) => setImmediate(resolve));
    const result = await repository.commit(tenantId, changes, options);
    if (result.outcome !== 'committed') repository.revert(before);
    return result;
  });
}

/** Does not serialize the commits of one transaction, whose locks never exclude each other. */
function checkingBeforeOthersWrite(repository: ProfileRepository): ProfileRepository {
  return replacing(repository, 'commit', async (tenantId, changes, options) => {
    const [change] = changes;
    if (change?.kind !== 'update') return repository.commit(tenantId, changes, options);
    const { customerId, expectedRevision } = change;
    const seen = (await repository.load(tenantId, customerId, { extensions: false })).profile;
    await new Promise((resolve) => setImmediate(resolve));
    if (seen?.revision !== expectedRevision) return repository.commit(tenantId, changes, options);
    const { revision } = (await repository.load(tenantId, customerId, { extensions: false })).profile ?? seen;
    return repository.commit(tenantId, [{ ...change, expectedRevision: revision }, ...changes.slice(1)], options);
  });
}

/** Checks first, then waits for locks while writing, and does not roll back a conflict found by then. */
function writingBeforeConflict(repository: ProfileRepository, othersDone: Promise<unknown>): ProfileRepository {
  let othersRunning = true;
  const finished = othersDone.finally(() => {
    othersRunning = false;
  });
  return replacing(repository, 'commit', async (tenantId, changes, options) => {
    const waits = othersRunning;
    await finished;
    const result = await repository.commit(tenantId, changes, options);
    if (waits && 'index' in result) await repository.commit(tenantId, changes.slice(0, result.index), options);
    return result;
  });
}

/** Fails every call after a conflict, as PostgreSQL does after an error in a transaction. */
function abortingOnConflict(repository: ProfileRepository): ProfileRepository {
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

describe('conformance kit: harness checks', () => {
  it('passes a correct harness with a second connection and host transactions', async function () {
    this.timeout(120_000);
    const createHarness = () => {
      const store = new TableRepository();
      let running: Promise<unknown> = Promise.resolve();
      // Its transactions are not isolated: who reads the feed waits for their end.
      const outside = () =>
        replacing(connectionTo(store), 'changes', async (...call) => {
          await running;
          return store.changes(...call);
        });
      return {
        repository: outside(),
        another: async () => outside(),
        transaction: (work: Parameters<Transaction>[0]) => {
          const transaction = store.transaction(work);
          running = transaction.catch(() => undefined);
          return transaction;
        },
        dispose,
      };
    };
    const capabilities = {
      anotherConnection: true,
      hostTransactions: true,
      history: true,
      changes: true,
      erasure: true,
      serverMode: true,
    };
    assert.deepEqual(await failingTitles({ capabilities, createHarness }), []);
  }).timeout(180_000); // every clause in one test

  it('hints at load and commit if a harness clause fails', async () => {
    const loadsNothing = replacing(new TableRepository(), 'load', async () => ({}));
    const outcomes = await runCollected(
      (runner) =>
        describeProfileRepository({
          runner,
          createHarness: () => ({ repository: loadsNothing, dispose }),
          capabilities: { anotherConnection: false },
        }),
      'harness/second-connection',
    );
    assert.match(outcomes[0]?.failure?.message ?? '', /fix load and commit first/);
  });

  it('says in its title that a second connection is not tested', () => {
    const titleWith = (anotherConnection?: boolean) => {
      const titles: string[] = [];
      const describe = (title: string) => titles.push(title);
      const runner = { describe, it() {}, beforeEach() {}, afterEach() {} };
      const createHarness = () => ({ repository: new TableRepository(), dispose });
      describeProfileRepository({ runner, createHarness, capabilities: { anotherConnection } });
      return titles[0] ?? '';
    };
    assert.match(titleWith(false), /ONE CONNECTION ONLY/);
    assert.doesNotMatch(titleWith(true), /CONNECTION/);
    assert.doesNotMatch(titleWith(), /CONNECTION/);
  });

  for (const { fault, breaks, ...harness } of HARNESS_FAULTS) {
    it(`${breaks} detects: ${fault}`, async () => {
      assert.notDeepEqual(await failingTitles(harness, breaks), []);
    });
  }
});

describe('describeProfileRepository: options', () => {
  it('refuses misspelt ones, which would leave tests out', () => {
    const harness = withTransaction((repository) => async (work) => void (await work(repository)));
    const refused: Readonly<Record<string, object>> = {
      hostTransaction: { capabilities: { hostTransaction: true } },
      callTimout: { callTimout: 5 },
      run: { randomCommands: { run: 1 } },
    };
    for (const [name, wrong] of Object.entries(refused)) {
      assert.throws(
        () => {
          describeProfileRepository({ runner: SILENT, ...harness, ...wrong });
        },
        new RegExp(`\`${name}\` is not an option`),
      );
    }
    assert.throws(() => describeProfileRepository(null as never), /must be an object/);
  });
});

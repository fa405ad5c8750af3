import assert from 'node:assert';
import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { BrokenPromise, blame } from './broken-promise.js';
import { expectUnchanged, seedBystander } from './bystander.js';
import { CallRecorder } from './call-recorder.js';
import { checkOptions } from './check-options.js';
import type { DeclareClause } from './clause.js';
import { clauseGroups } from './clause-groups.js';
import { commitSchemaVersion, NO_CONFLICT } from './expectations.js';
import type { ConformanceOptions, RepositoryHarness } from './options.js';
import { withTimeout } from './with-timeout.js';

const DEFAULT_CALL_TIMEOUT = 10_000;
const ONE_CONNECTION = '(ONE CONNECTION ONLY: locks and caches are NOT tested across connections)';
const HARNESS_HINT =
  'The harness clauses read and write, too. If load/ and commit: clauses also fail, fix load and commit first.\n';

/**
 * Declares one test for each clause of the `ProfileRepository` contract. A test's title begins with its clause id, as in
 * `commit/atomic: …`. A failure names the clause whose promise is broken, and lists the calls that led to it. Every test
 * also checks that the state of another tenant did not change (R17).
 *
 * Pass the functions of the test runner, and a `createHarness` that makes a new, empty store. A test makes up to several
 * hundred calls, and commits up to 18 MiB: on a database, set the runner's timeout to 60 seconds.
 *
 * ```ts
 * describeProfileRepository({
 *   runner: { describe, it, beforeEach, afterEach },
 *   createHarness: async () => {
 *     const store = await createStore();
 *     return { repository: store.connect(), another: async () => store.connect(), dispose: () => store.remove() };
 *   },
 * });
 * ```
 *
 * @throws AssertionError for an unknown option, since a misspelt capability would leave tests out
 */
export function describeProfileRepository(options: ConformanceOptions): void {
  checkOptions(options);
  const { runner, callTimeout = DEFAULT_CALL_TIMEOUT } = options;
  const withSecondConnection = options.capabilities?.anotherConnection ?? true;
  let harness: RepositoryHarness | undefined;

  const declareClause: DeclareClause = (id, title, body) => {
    runner.it(`${id}: ${title}`, async () => {
      const calls = new CallRecorder(callTimeout);
      try {
        const current = harness ?? assert.fail('`createHarness` must return a harness');
        assert.ok(current.repository, 'the harness of `createHarness` must have a `repository`');
        assert.ok(current.dispose, 'the harness of `createHarness` must have a `dispose` function');
        const another = withSecondConnection
          ? await blame('harness/second-connection', () =>
              withTimeout(
                () => 'harness.another()',
                callTimeout,
                async () => current.another?.(),
              ),
            )
          : undefined;
        const repository = calls.record(current.repository, 'repository');
        // Where only one of both declares it, a clause such as `history/declared` says so.
        const isDeclared = (capability: 'history' | 'changes') =>
          (options.capabilities?.[capability] && repository.capabilities?.[capability]) ?? false;
        const declared = { history: isDeclared('history'), changes: isDeclared('changes') };
        const secondConnection = another === undefined ? repository : calls.record(another, 'secondConnection');
        const bystander = await blame('harness/seed', async () => {
          await commitSchemaVersion(repository, 1);
          return seedBystander(repository, declared);
        });
        calls.clear();
        // The repository over the store as it is now; none while the store is broken.
        let last: ProfileRepository | undefined = current.repository;
        await body({
          repository,
          secondConnection,
          harness: current,
          transaction: recordedTransaction(current, calls),
          reopen:
            current.reopen &&
            (async () => {
              last = await withTimeout(
                () => 'harness.reopen()',
                callTimeout,
                async () => current.reopen?.(),
              );
              return calls.record(last ?? assert.fail('`harness.reopen` must resolve to a repository'), 'reopened');
            }),
          break:
            current.break &&
            (async () => {
              await withTimeout(
                () => 'harness.break()',
                callTimeout,
                async () => current.break?.(),
              );
              last = undefined;
            }),
        });
        const remaining: ProfileRepository | undefined = last;
        if (remaining) await blame('tenants/isolation', () => expectUnchanged(remaining, bystander, declared));
      } catch (error) {
        throw clauseFailure(id, calls, error);
      }
    });
  };

  const title = `${options.name ?? 'profile repository'} keeps the ProfileRepository contract`;
  runner.describe(withSecondConnection ? title : `${title} ${ONE_CONNECTION}`, () => {
    runner.beforeEach(async () => {
      harness = await options.createHarness();
    });
    runner.afterEach(async () => {
      await harness?.dispose?.();
      harness = undefined;
    });
    for (const [group, declareGroup] of Object.entries(clauseGroups)) {
      runner.describe(group, () => declareGroup(declareClause, options));
    }
  });
}

/** `harness.transaction`, with the calls on the bound repository recorded. */
function recordedTransaction(harness: RepositoryHarness, calls: CallRecorder): RepositoryHarness['transaction'] {
  if (harness.transaction === undefined) return undefined;
  return (work) => harness.transaction?.((bound) => work(calls.record(bound, 'bound'))) ?? Promise.resolve();
}

function clauseFailure(id: string, calls: CallRecorder, error: unknown): Error {
  const blamed = blamedClause(id, error);
  const found = blamed === id ? '' : `It was found by the clause ${id}. Fix ${blamed} first.\n`;
  const hint = blamed.startsWith('harness/') ? HARNESS_HINT : '';
  const filter = `To run it alone, filter by the title "${id}".`;
  const message = `Clause ${blamed} failed: ${calls.reasonOf(error instanceof BrokenPromise ? error.cause : error)}\n${found}${hint}${filter} The last calls were:\n${calls}`;
  return new Error(message, { cause: error });
}

/** Clauses that commit only to have something to read. */
const READING = /^(?:load|find|page|schema|drop-entries|aliasing\/output|durability|harness)\//;

/** The clause whose promise is broken. A refused commit is blamed on another clause only if the running one is not about it. */
function blamedClause(id: string, error: unknown): string {
  if (!(error instanceof BrokenPromise)) return id;
  return error.clauseId === NO_CONFLICT && !READING.test(id) ? id : error.clauseId;
}

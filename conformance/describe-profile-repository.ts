import assert from 'node:assert';
import { expectUnchanged, seedBystander } from './bystander.js';
import { CallRecorder } from './call-recorder.js';
import type { DeclareClause } from './clause.js';
import { clauseGroups } from './clause-groups.js';
import { commitSchemaVersion } from './expectations.js';
import type { ConformanceOptions, RepositoryHarness } from './options.js';
import { withTimeout } from './with-timeout.js';

const DEFAULT_CALL_TIMEOUT = 10_000;
const HARNESS_HINT =
  'The harness clauses read and write, too. If load/ and commit: clauses also fail, fix load and commit first.\n';

/**
 * Declares one test for each clause of the `ProfileRepository` contract. A test's title begins with its clause id, as in
 * `commit/atomic: …`, and a failure lists the calls that led to it. Every test also checks that the state of another
 * tenant did not change (R17).
 *
 * Pass the functions of the test runner, and a `createHarness` that makes a new, empty store. A test makes up to several
 * hundred calls: on a database, set the runner's timeout to 20 seconds.
 *
 * ```ts
 * describeProfileRepository({
 *   runner: { describe, it, beforeEach, afterEach },
 *   createHarness: () => ({ repository: new InMemoryProfileRepository(), dispose: async () => {} }),
 * });
 * ```
 */
export function describeProfileRepository(options: ConformanceOptions): void {
  const { runner, callTimeout = DEFAULT_CALL_TIMEOUT } = options;
  let harness: RepositoryHarness | undefined;

  const declareClause: DeclareClause = (id, title, body) => {
    runner.it(`${id}: ${title}`, async () => {
      const calls = new CallRecorder(callTimeout);
      try {
        const current = harness ?? assert.fail('`createHarness` must return a harness');
        assert.ok(current.repository, 'the harness of `createHarness` must have a `repository`');
        assert.ok(current.dispose, 'the harness of `createHarness` must have a `dispose` function');
        const another = options.capabilities?.anotherConnection
          ? await withTimeout('harness.another()', callTimeout, () => current.another?.())
          : undefined;
        const repository = calls.record(current.repository, 'repository');
        const secondConnection = another === undefined ? repository : calls.record(another, 'secondConnection');
        await commitSchemaVersion(repository, 1);
        const bystander = await seedBystander(repository);
        calls.clear();
        await body({
          repository,
          secondConnection,
          harness: current,
          transaction: recordedTransaction(current, calls),
        });
        await expectUnchanged(current.repository, bystander);
      } catch (error) {
        throw clauseFailure(id, calls, error);
      }
    });
  };

  runner.describe(`${options.name ?? 'profile repository'} keeps the ProfileRepository contract`, () => {
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
  // Not `instanceof Error`: jest runs tests in a realm with its own `Error`.
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  const reason = isError ? String(error.message) : String(error);
  const hint = id.startsWith('harness/') ? HARNESS_HINT : '';
  const message = `Clause ${id} failed: ${reason}\n${hint}To run it alone, filter by the title "${id}". The last calls were:\n${calls}`;
  return new Error(message, { cause: error });
}

import assert from 'node:assert';
import { expectUntouched, settleBystander } from './bystander.js';
import type { DeclareClause } from './clause.js';
import { clauseGroups } from './clause-groups.js';
import { commitSchemaVersion } from './expectations.js';
import { inTime } from './in-time.js';
import type { ConformanceOptions, RepositoryHarness } from './options.js';
import { RecordedCalls } from './recorded-calls.js';

const DEFAULT_CALL_TIMEOUT = 10_000;
const HARNESS_HINT =
  'The harness may be fit, and reading or committing not work yet: if commit/ and load/ fail, too, begin with those.\n';

/**
 * Declares a test for each clause of the contract of `ProfileRepository`. The title of a test begins with the clause, as
 * in `commit/whole: …`; a failure shows the calls that led to it. After each test, the full state of another tenant is
 * compared with what it was before (R17).
 *
 * Beside the runner's functions it needs a `createHarness` that makes a new, empty store. A test makes up to some
 * hundred calls: give runners that limit the time of a test 20 seconds on a database.
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

  const declareClause: DeclareClause = (id, words, body) => {
    runner.it(`${id}: ${words}`, async () => {
      const calls = new RecordedCalls(callTimeout);
      try {
        const current = harness ?? assert.fail('createHarness gave no harness');
        assert.ok(current.repository, 'createHarness gave a harness without a repository');
        assert.ok(current.dispose, 'createHarness gave a harness without dispose');
        const another = options.capabilities?.anotherConnection
          ? await inTime('harness.another()', callTimeout, () => current.another?.())
          : undefined;
        const repository = calls.record(current.repository, 'repository');
        const rival = another === undefined ? repository : calls.record(another, 'rival');
        await commitSchemaVersion(repository, 1);
        const bystander = await settleBystander(repository);
        calls.forget();
        await body({ repository, rival, harness: current, transaction: recordedTransaction(current, calls) });
        await expectUntouched(current.repository, bystander);
      } catch (error) {
        throw clauseFailure(id, calls, error);
      }
    });
  };

  runner.describe(`${options.name ?? 'profile repository'} keeps the contract of ProfileRepository`, () => {
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

/** As `harness.transaction`, with the calls on the repository that is bound to it recorded, too. */
function recordedTransaction(harness: RepositoryHarness, calls: RecordedCalls): RepositoryHarness['transaction'] {
  if (harness.transaction === undefined) return undefined;
  return (work) => harness.transaction?.((bound) => work(calls.record(bound, 'bound'))) ?? Promise.resolve();
}

function clauseFailure(id: string, calls: RecordedCalls, error: unknown): Error {
  // Not `instanceof Error`: jest runs tests in a realm with an `Error` of its own.
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  const reason = isError ? String(error.message) : String(error);
  const hint = id.startsWith('harness/') ? HARNESS_HINT : '';
  const message = `The clause ${id} is broken: ${reason}\n${hint}Run it alone by the title "${id}". The latest calls were:\n${calls}`;
  return new Error(message, { cause: error });
}

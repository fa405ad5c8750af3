import assert from 'node:assert';
import type { IndexEntry } from '../src/model/documents.js';
import type {
  Change,
  CommitResult,
  ProfileRepository,
  SchemaCommitResult,
  StoredProfile,
} from '../src/storage/profile-repository.js';
import { blame } from './broken-promise.js';
import { abbreviated, firstDifference } from './difference.js';
import { sampleSchema, TENANT } from './sample-changes.js';
import { foundPages, idsOf, walk } from './tenant-state.js';

/** The clause that a commit without a conflict is committed. */
export const NO_CONFLICT = 'conflicts/none';
/** The clause that a commit returns the revisions of its profiles. */
const REVISIONS = 'commit/revisions';

/** Fails with the first difference between two documents. `what` names what is compared. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const difference = firstDifference(actual, expected);
  if (difference !== undefined) assert.fail(`${what}: ${difference}`);
}

/** Where a clause commits, and what the commit keeps: in {@link TENANT}, and neither former states nor lines. */
interface CommitPlace {
  readonly tenantId?: string;
  readonly history?: boolean;
  readonly changes?: boolean;
}

/** Commits changes. */
export function commit(
  repository: ProfileRepository,
  changes: readonly Change[],
  { tenantId = TENANT, history = false, changes: lines = false }: CommitPlace = {},
): Promise<CommitResult> {
  return repository.commit(tenantId, changes, { history, changes: lines });
}

/** The result of a commit without a conflict. A creation takes revision 1, unless a kept deletion precedes it. */
export function committed(...changes: readonly Change[]): CommitResult {
  return { outcome: 'committed', revisions: changes.map(revisionAfter) };
}

function revisionAfter(change: Change): number {
  if (change.kind === 'create') return 1;
  return change.kind === 'index' ? change.expectedRevision : change.expectedRevision + 1;
}

/** How a commit is expected to end. */
interface CommitExpectation extends CommitPlace {
  /** Where a creation follows a deletion that is kept. */
  readonly revisions?: readonly number[];
}

/** Commits changes in {@link TENANT}, and keeps the states that they replace; fails unless they are committed. */
export async function keepAll(repository: ProfileRepository, ...changes: Change[]): Promise<void> {
  await expectCommitted(repository, changes, { history: true });
}

/** Commits changes in {@link TENANT}; fails unless they are committed. */
export async function commitAll(repository: ProfileRepository, ...changes: Change[]): Promise<void> {
  await expectCommitted(repository, changes);
}

/** Commits changes; fails unless they are committed. Clauses that only read blame another one for a refusal. */
export async function expectCommitted(
  repository: ProfileRepository,
  changes: readonly Change[],
  { revisions, ...place }: CommitExpectation = {},
): Promise<void> {
  const result = await commit(repository, changes, place);
  await blame(NO_CONFLICT, async () =>
    expectEqual({ ...result, revisions: undefined }, { outcome: 'committed' }, 'the result of commit'),
  );
  const expected = revisions === undefined ? committed(...changes) : { outcome: 'committed', revisions };
  await blame(REVISIONS, async () => expectEqual(result, expected, 'the result of commit'));
}

/** Commits changes; fails unless the result is this conflict. */
export async function expectConflict(
  repository: ProfileRepository,
  changes: readonly Change[],
  conflict: CommitResult,
  place: CommitPlace = {},
): Promise<void> {
  expectEqual(await commit(repository, changes, place), conflict, 'the result of commit');
}

/** Commits a schema version; fails unless the outcome is `committed`. */
export async function commitSchemaVersion(
  repository: ProfileRepository,
  version: number,
  tenantId: string = TENANT,
): Promise<void> {
  const change = { expectedVersion: version - 1, schema: sampleSchema(`${tenantId}/${version}`) };
  expectEqual(await repository.commitSchema(tenantId, change), { outcome: 'committed' }, 'the result of commitSchema');
}

/** Loads a profile with its extensions; fails if it does not exist. */
export async function loadProfile(
  repository: ProfileRepository,
  customerId: string,
  tenantId: string = TENANT,
): Promise<StoredProfile> {
  const { profile } = await repository.load(tenantId, customerId, { extensions: true });
  return profile ?? assert.fail(`the profile ${customerId} does not exist`);
}

/** Fails if the profile exists. */
export async function expectMissing(repository: ProfileRepository, customerId: string): Promise<void> {
  const { profile } = await repository.load(TENANT, customerId, { extensions: true });
  expectEqual(profile, undefined, `the profile ${customerId}`);
}

/** Fails unless `find` returns exactly these profiles for an entry, in this order. */
export async function expectHolders(
  repository: ProfileRepository,
  entry: IndexEntry,
  customerIds: readonly string[],
  tenantId: string = TENANT,
): Promise<void> {
  const holders = await walk(foundPages(repository, tenantId, entry), 1000);
  expectEqual(idsOf(holders), customerIds, `the profiles with the entry ${entry.key} ${entry.digest.slice(0, 16)}…`);
}

/** Fails unless exactly one of the concurrent calls was `committed` and all others got this conflict. */
export function expectOneWinner(
  results: readonly (CommitResult | SchemaCommitResult)[],
  conflict: CommitResult | SchemaCommitResult,
): void {
  const winners = results.filter((result) => result.outcome === 'committed').length;
  assert.strictEqual(
    winners,
    1,
    `${winners} of ${results.length} concurrent calls were committed: ${abbreviated(results)}`,
  );
  for (const result of results) {
    if (result.outcome !== 'committed') expectEqual(result, conflict, 'the result of a call that lost the race');
  }
}

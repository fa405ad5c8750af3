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

/** Fails with the first difference between two documents. `what` names what is compared. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const difference = firstDifference(actual, expected);
  if (difference !== undefined) assert.fail(`${what}: ${difference}`);
}

/** Commits changes; fails unless the outcome is `committed`. Clauses that only read blame another one for a refusal. */
export async function commitAll(repository: ProfileRepository, ...changes: Change[]): Promise<void> {
  const result = await repository.commit(changes);
  await blame(NO_CONFLICT, async () => expectEqual(result, { outcome: 'committed' }, 'the result of commit'));
}

/** Commits changes; fails unless the result is this conflict. */
export async function expectConflict(
  repository: ProfileRepository,
  changes: readonly Change[],
  conflict: CommitResult,
): Promise<void> {
  expectEqual(await repository.commit(changes), conflict, 'the result of commit');
}

/** Commits a schema version; fails unless the outcome is `committed`. */
export async function commitSchemaVersion(
  repository: ProfileRepository,
  version: number,
  tenantId: string = TENANT,
): Promise<void> {
  const change = { tenantId, expectedVersion: version - 1, schema: sampleSchema(`${tenantId}/${version}`) };
  expectEqual(await repository.commitSchema(change), { outcome: 'committed' }, 'the result of commitSchema');
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

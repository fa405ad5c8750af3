import assert from 'node:assert';
import type { IndexEntry } from '../src/model/documents.js';
import type {
  Change,
  CommitResult,
  ProfileRepository,
  SchemaCommitResult,
  StoredProfile,
} from '../src/storage/profile-repository.js';
import { differenceBetween, shown } from './difference.js';
import { sampleSchema, TENANT } from './sample-changes.js';

/** Fails with the place where two documents differ. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const difference = differenceBetween(actual, expected);
  if (difference !== undefined) assert.fail(`${what}: ${difference}`);
}

/** Commits changes in whose way nothing must stand. */
export async function commitAll(repository: ProfileRepository, ...changes: Change[]): Promise<void> {
  expectSame(await repository.commit(changes), { outcome: 'committed' }, 'the answer to the commit');
}

/** Commits changes that must meet the obstacle. */
export async function expectObstacle(
  repository: ProfileRepository,
  changes: readonly Change[],
  obstacle: CommitResult,
): Promise<void> {
  expectSame(await repository.commit(changes), obstacle, 'the answer to the commit');
}

/** Commits the next version of a schema. */
export async function commitSchemaVersion(
  repository: ProfileRepository,
  version: number,
  tenantId: string = TENANT,
): Promise<void> {
  const change = { tenantId, expectedVersion: version - 1, schema: sampleSchema(`${tenantId}/${version}`) };
  expectSame(await repository.commitSchema(change), { outcome: 'committed' }, 'the answer to the schema change');
}

/** The profile with its extensions; fails when it is not there. */
export async function loadProfile(
  repository: ProfileRepository,
  customerId: string,
  tenantId: string = TENANT,
): Promise<StoredProfile> {
  const { profile } = await repository.load(tenantId, customerId, { extensions: true });
  return profile ?? assert.fail(`the profile ${customerId} is not there`);
}

/** Fails when the profile is there. */
export async function expectMissing(repository: ProfileRepository, customerId: string): Promise<void> {
  const { profile } = await repository.load(TENANT, customerId, { extensions: true });
  expectSame(profile, undefined, `the profile ${customerId}`);
}

/** Fails unless exactly these profiles have an entry, in this order. */
export async function expectHolders(
  repository: ProfileRepository,
  entry: IndexEntry,
  customerIds: readonly string[],
  tenantId: string = TENANT,
): Promise<void> {
  const { profiles } = await repository.find(tenantId, entry, { limit: 1000, extensions: false });
  const holders = profiles.map((profile) => profile.customerId);
  expectSame(holders, customerIds, `the profiles with the entry ${entry.key} ${entry.digest.slice(0, 16)}…`);
}

/** Fails unless exactly one racer was answered `committed` and all others the obstacle. */
export function expectOneWinner(
  results: readonly (CommitResult | SchemaCommitResult)[],
  obstacle: CommitResult | SchemaCommitResult,
): void {
  const winners = results.filter((result) => result.outcome === 'committed').length;
  assert.strictEqual(winners, 1, `of ${results.length} racers ${winners} were answered "committed": ${shown(results)}`);
  for (const result of results) {
    if (result.outcome !== 'committed') expectSame(result, obstacle, 'the answer to a racer that lost');
  }
}

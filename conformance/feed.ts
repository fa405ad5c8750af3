import assert from 'node:assert';
import type { ChangesPage, ChangesRequest, PruneChangesRequest, StoredLine } from '../src/storage/change-lines.js';
import type { Change, ProfileRepository } from '../src/storage/profile-repository.js';
import { abbreviated } from './difference.js';
import { expectCommitted } from './expectations.js';
import { TENANT } from './sample-changes.js';

/** What `changes` takes for all tenants. */
export const ALL = undefined;

/** Leaves a line for each change. */
export const FEED = { history: false, changes: true };

/** Reads a page of the feed. */
export async function changesPage(
  repository: ProfileRepository,
  tenantId: string | undefined,
  request: ChangesRequest,
): Promise<ChangesPage> {
  const page = await repository.changes?.(tenantId, request);
  return page ?? assert.fail('a repository that declares `changes` must have the method `changes`');
}

/** Reads on from a position until nothing follows. */
export async function linesAfter(
  repository: ProfileRepository,
  tenantId: string | undefined,
  { after, limit = 1_000 }: Partial<ChangesRequest> = {},
): Promise<StoredLine[]> {
  const collected: StoredLine[] = [];
  for (;;) {
    const page = await repository.changes?.(tenantId, { after: collected.at(-1)?.position ?? after, limit });
    if (!page || !Array.isArray(page.lines) || typeof page.more !== 'boolean') {
      assert.fail(`a page of the feed must be { lines, more, newest, removed }, got ${abbreviated(page)}`);
    }
    assert.ok(page.lines.length <= limit, `a page of at most ${limit} has ${page.lines.length} lines`);
    assert.ok(page.lines.length > 0 || !page.more, 'a page without lines says that there is more');
    collected.push(...page.lines);
    // The bound also stops a repository that ignores `after` and would return the first page for ever.
    if (!page.more || collected.length >= 10_000) return collected;
  }
}

/** All lines of a tenant. */
export function allLines(repository: ProfileRepository, tenantId: string = TENANT): Promise<StoredLine[]> {
  return linesAfter(repository, tenantId);
}

/** Commits changes that leave lines in {@link TENANT}, and keeps no former states; fails unless they are committed. */
export async function feedAll(repository: ProfileRepository, ...changes: Change[]): Promise<void> {
  await expectCommitted(repository, changes, FEED);
}

/** Removes lines of a tenant, batch by batch, and returns how many. */
export async function pruneLines(
  repository: ProfileRepository,
  request: PruneChangesRequest,
  tenantId: string = TENANT,
): Promise<number> {
  const removed = await repository.pruneChanges?.(tenantId, request);
  return removed ?? assert.fail('a repository that declares `changes` must have the method `pruneChanges`');
}

/** A line by customer id and revision, such as `anna 2`. */
export function nameOf({ customerId, revision }: Pick<StoredLine, 'customerId' | 'revision'>): string {
  return `${customerId} ${revision}`;
}

/** Fails unless the lines of each profile come by revision. */
export function expectByRevision(lines: readonly StoredLine[], what: string): void {
  const last = new Map<string, number>();
  for (const { tenantId, customerId, revision } of lines) {
    const profile = `${tenantId} ${customerId}`;
    const before = last.get(profile) ?? 0;
    assert.ok(revision > before, `${what}: revision ${revision} of ${customerId} comes after revision ${before}`);
    last.set(profile, revision);
  }
}

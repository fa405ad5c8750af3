import type { ProfileRepository } from '../storage/profile-repository.js';
import { nextTurn } from '../storage/turns.js';
import { type ChangesPolicy, noFeed } from './change-feed.js';
import { retentionStart } from './history-policy.js';

const LINES_AT_ONCE = 500;

/** Removes the lines of a tenant that the policy does not retain, in batches. Returns their number. */
export async function pruneFeed(
  repository: ProfileRepository,
  tenantId: string,
  policy: ChangesPolicy,
  now: Date,
): Promise<number> {
  const before = retentionStart(policy, now);
  if (before === undefined) return 0;
  if (repository.pruneChanges === undefined) throw noFeed();
  let removed = 0;
  for (;;) {
    const count = await repository.pruneChanges(tenantId, { before, limit: LINES_AT_ONCE });
    removed += count;
    if (count < LINES_AT_ONCE) return removed;
    await nextTurn();
  }
}

import type { ProfileRepository } from '../storage/profile-repository.js';
import { nextTurn } from '../storage/turns.js';
import { type HistoryPolicy, retentionStart } from './history-policy.js';
import { notKept } from './profile-history.js';

/** How far a removal of former states has come. */
export interface PruneProgress {
  /** The former states that were removed so far. */
  readonly removed: number;
  /** The customer id up to which all are. */
  readonly customerId: string;
}

const IDS_AT_ONCE = 200;

/** Removes the former states of a tenant that the policy does not retain (H5), in batches. Returns their number. */
export async function pruneHistory(
  repository: ProfileRepository,
  tenantId: string,
  policy: HistoryPolicy,
  now: Date,
  onProgress?: (progress: PruneProgress) => void,
): Promise<number> {
  const limits = { keep: policy.revisions, replacedBefore: retentionStart(policy, now), limit: IDS_AT_ONCE };
  if (limits.keep === undefined && limits.replacedBefore === undefined) return 0;
  if (repository.prune === undefined) throw notKept();
  let removed = 0;
  let after: string | undefined;
  do {
    const batch = await repository.prune(tenantId, { ...limits, after });
    removed += batch.removed;
    after = batch.next;
    if (after !== undefined) onProgress?.({ removed, customerId: after });
    await nextTurn();
  } while (after !== undefined);
  return removed;
}

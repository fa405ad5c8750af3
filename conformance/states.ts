import assert from 'node:assert';
import type {
  HistoryPage,
  HistoryRequest,
  ProfileRepository,
  PruneRequest,
  PruneResult,
  StoredState,
} from '../src/storage/profile-repository.js';
import { abbreviated } from './difference.js';
import { TENANT } from './sample-changes.js';

/** Fetches one page of the states of a customer id. */
export async function historyPage(
  repository: ProfileRepository,
  customerId: string,
  request: HistoryRequest,
  tenantId: string = TENANT,
): Promise<HistoryPage> {
  const page = await repository.history?.(tenantId, customerId, request);
  return page ?? assert.fail('a repository that declares `history` must have the method `history`');
}

/** All states of a customer id, the newest first, of as many pages as it takes. */
export async function allStates(
  repository: ProfileRepository,
  customerId: string,
  { tenantId = TENANT, limit = 1_000 }: { readonly tenantId?: string; readonly limit?: number } = {},
): Promise<StoredState[]> {
  const collected: StoredState[] = [];
  for (;;) {
    const page = await historyPage(repository, customerId, { before: collected.at(-1)?.revision, limit }, tenantId);
    const { states, more } = page;
    assert.ok(
      Array.isArray(states) && typeof more === 'boolean',
      `a page of history must be { states, more }, got ${abbreviated(page)}`,
    );
    assert.ok(states.length <= limit, `a page of at most ${limit} has ${states.length} states`);
    assert.ok(states.length > 0 || !more, 'a page without states says that there is more');
    collected.push(...states);
    // The bound stops a repository that ignores `before` and would return the first page for ever.
    if (!more || collected.length > 10_000) return collected;
  }
}

/** Prunes the former states of one batch of customer ids. */
export async function pruneOnce(
  repository: ProfileRepository,
  request: PruneRequest,
  tenantId: string = TENANT,
): Promise<PruneResult> {
  const result = await repository.prune?.(tenantId, request);
  return result ?? assert.fail('a repository that declares `history` must have the method `prune`');
}

/** Prunes a tenant, batch by batch, and returns how many states were removed. */
export async function pruneAll(
  repository: ProfileRepository,
  limits: Pick<PruneRequest, 'keep' | 'replacedBefore'>,
  { tenantId = TENANT, limit = 1_000 }: { readonly tenantId?: string; readonly limit?: number } = {},
): Promise<number> {
  let removed = 0;
  let after: string | undefined;
  for (let batch = 1; ; batch++) {
    const result = await pruneOnce(repository, { ...limits, after, limit }, tenantId);
    removed += result.removed;
    if (result.next === undefined) return removed;
    assert.ok(after === undefined || result.next > after, `\`next\` must be after ${after}, got ${result.next}`);
    assert.ok(batch <= 10_000, 'ten thousand batches of prune still say that there is more');
    after = result.next;
  }
}

import assert from 'node:assert';
import type {
  HistoryPage,
  HistoryRequest,
  ProfileRepository,
  PruneRequest,
  PruneResult,
  StateMetadata,
  StoredState,
} from '../src/storage/profile-repository.js';
import { abbreviated } from './difference.js';
import { loadProfile } from './expectations.js';
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

/** The present state of a profile, as its history must have it. */
export async function presentState(
  repository: ProfileRepository,
  customerId: string,
  metadata: StateMetadata,
): Promise<StoredState> {
  const profile = await loadProfile(repository, customerId);
  return { customerId, revision: profile.revision, at: profile.updatedAt, metadata, profile };
}

/** The revisions of states, in their order. */
export function revisionsOf(states: readonly StoredState[]): number[] {
  return states.map(({ revision }) => revision);
}

/** Which states to collect, and the limit of each page. */
interface StatesOptions extends Partial<HistoryRequest> {
  readonly tenantId?: string;
  /** Ends with this many states. */
  readonly atMost?: number;
}

/** All states of a customer id, the newest first, of as many pages as it takes. */
export async function allStates(
  repository: ProfileRepository,
  customerId: string,
  { tenantId = TENANT, before, limit = 1_000, atMost = 10_000 }: StatesOptions = {},
): Promise<StoredState[]> {
  const collected: StoredState[] = [];
  for (;;) {
    const request = { before: collected.at(-1)?.revision ?? before, limit };
    const page = await historyPage(repository, customerId, request, tenantId);
    const { states, more } = page;
    if (!Array.isArray(states) || typeof more !== 'boolean') {
      assert.fail(`a page of history must be { states, more }, got ${abbreviated(page)}`);
    }
    assert.ok(states.length <= limit, `a page of at most ${limit} has ${states.length} states`);
    assert.ok(states.length > 0 || !more, 'a page without states says that there is more');
    collected.push(...states);
    // The bound also stops a repository that ignores `before` and would return the first page for ever.
    if (!more || collected.length >= atMost) return collected.slice(0, atMost);
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

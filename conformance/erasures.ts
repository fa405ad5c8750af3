import assert from 'node:assert';
import type { ErasureRequest, ErasureResult, Lineage } from '../src/storage/erasure.js';
import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { expectEqual } from './expectations.js';
import { TENANT } from './sample-changes.js';

/** After every other timestamp of the clauses. */
export const ERASED_AT = '2024-04-04T04:04:04.400Z';

/** What is kept of a customer id. */
export async function lineageOf(
  repository: ProfileRepository,
  customerId: string,
  tenantId: string = TENANT,
): Promise<Lineage | undefined> {
  assert.ok(repository.lineage, 'a repository that declares `erasure` must have the method `lineage`');
  return repository.lineage(tenantId, customerId);
}

/** Erases by a request. */
export async function erase(
  repository: ProfileRepository,
  request: ErasureRequest,
  tenantId: string = TENANT,
): Promise<ErasureResult> {
  assert.ok(repository.erase, 'a repository that declares `erasure` must have the method `erase`');
  return repository.erase(tenantId, request);
}

/** A request to erase customer ids as they are now. The first is the one that the erasure is asked for. */
export async function erasureOf(
  repository: ProfileRepository,
  customerIds: readonly string[],
  details: Partial<ErasureRequest> & { readonly erasure?: string; readonly tenantId?: string } = {},
): Promise<ErasureRequest> {
  const { erasure = 'erasure-1', tenantId = TENANT, ...others } = details;
  const targets: ErasureRequest['targets'][number][] = [];
  for (const customerId of customerIds) {
    const kept = await lineageOf(repository, customerId, tenantId);
    assert.ok(kept, `\`lineage\` of ${customerId}, of which something is kept, is undefined`);
    const { revision: expectedRevision, exists, createdAt } = kept;
    targets.push({ customerId, expectedRevision, exists, createdAt, at: ERASED_AT });
  }
  const [customerId = ''] = customerIds;
  const attribution = { actor: 'an eraser', reason: 'a request' };
  const receipt = { erasure, customerId, time: ERASED_AT, ...attribution, customerIds: [...customerIds].sort() };
  return { receipt, targets, formerStates: [], dryRun: false, ...others };
}

/** Erases customer ids as they are now; fails unless exactly this was removed. */
export async function expectErased(
  repository: ProfileRepository,
  request: ErasureRequest,
  removed: Extract<ErasureResult, { outcome: 'erased' }>['removed'],
  tenantId: string = TENANT,
): Promise<void> {
  expectEqual(await erase(repository, request, tenantId), { outcome: 'erased', removed }, 'the result of erase');
}

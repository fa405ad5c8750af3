import { randomUUID } from 'node:crypto';
import { NotSupportedError } from '../errors.js';
import { isCustomerId } from '../rules/ids.js';
import type { Lineage } from '../storage/erasure.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import type { Attribution } from './change-context.js';
import { findErasureScope } from './erasure-scope.js';
import { matchRevision } from './expected-revision.js';
import type { Expectation, ProfileChanges } from './profile-changes.js';
import { noSuchProfile } from './profile-loading.js';
import { notBefore } from './repository-changes.js';
import type { Erased } from './service-options.js';
import type { Settings } from './settings.js';
import { timestampView } from './timestamps.js';

/** What erasing needs. */
export interface ErasureServices {
  readonly repository: ProfileRepository;
  readonly changes: ProfileChanges;
  readonly settings: Settings;
}

interface ErasureOptions extends Attribution {
  readonly expected: Expectation;
}

/** Removes all that is kept of a person, in one commit (E1). Returns the receipt, also of an earlier erasure (E2). */
export function eraseProfile(
  { repository, changes, settings }: ErasureServices,
  tenantId: string,
  customerId: string,
  { expected, actor, reason, origin }: ErasureOptions,
): Promise<Erased> {
  const lineageOf = lineages(repository, tenantId);
  return retry(async () => {
    const root = isCustomerId(customerId) ? await lineageOf(customerId) : undefined;
    if (root === undefined) throw noSuchProfile();
    if (root.receipt) return { ...root.receipt, repeated: true };
    if (root.exists) {
      const { schema, profile } = await changes.load(tenantId, customerId, true);
      if (schema === undefined || profile?.revision !== root.revision) return undefined;
      await changes.expect(expected, tenantId, schema, profile);
    } else if (expected.state) {
      matchRevision(expected.state.revisions ?? [], root.revision);
    }
    const { erased, formerStates } = await findErasureScope(root, lineageOf);
    const heldBy = await holderOf(root, lineageOf);
    const now = settings.uniqueTimestamp();
    const receipt = {
      erasure: randomUUID(),
      customerId,
      time: timestampView(now),
      ...(actor !== undefined && { actor }),
      ...(reason !== undefined && { reason }),
      customerIds: erased.map((one) => one.customerId),
      ...(formerStates.length > 0 && { formerStatesOf: formerStates.map((one) => one.customerId) }),
      ...(heldBy !== undefined && { heldBy }),
    };
    const targets = erased.map((one) => {
      const { customerId, revision: expectedRevision, exists, createdAt } = one;
      return { customerId, expectedRevision, exists, createdAt, at: notBefore(now, one) };
    });
    const line = settings.changes && { origin };
    const result = await changes.erase(tenantId, { receipt, targets, formerStates, line, dryRun: false });
    return result?.outcome === 'erased' ? { ...receipt, removed: result.removed, repeated: false } : undefined;
  });
}

/** @throws NotSupportedError if the repository cannot erase */
function lineages(repository: ProfileRepository, tenantId: string) {
  const { capabilities, lineage, erase } = repository;
  if (!capabilities?.erasure || lineage === undefined || erase === undefined) throw erasureNotSupported();
  return (customerId: string) => lineage.call(repository, tenantId, customerId);
}

export function erasureNotSupported(): NotSupportedError {
  return new NotSupportedError('The repository cannot erase. Use one that declares the capability `erasure`.');
}

/** The customer id that holds what a profile that was merged away has become; `undefined` if it was not merged away. */
async function holderOf(
  root: Lineage,
  lineageOf: (customerId: string) => Promise<Lineage | undefined>,
): Promise<string | undefined> {
  let holder: Lineage | undefined;
  let next = root.mergedInto;
  while (next !== undefined) {
    const lineage = await lineageOf(next);
    if (lineage === undefined) break;
    holder = lineage;
    next = lineage.mergedInto;
  }
  return holder?.customerId;
}

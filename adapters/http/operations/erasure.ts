import { type ErasureReceipt, isDossierError } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { Call, TenantHandler } from '../operation.js';
import { jsonResponse } from '../response.js';
import { changeProfile } from './change-options.js';
import { DRY_RUN, isDryRun } from './dry-run.js';

/** E3 */
export const eraseProfile: TenantHandler = {
  id: 'eraseProfile',
  summary: 'Erase a person',
  description:
    'Removes the profile, or what is kept of one that was deleted or merged away, with its former states and index entries, ' +
    'and all that was merged into it. `If-Match` may also name the revision of a deletion.',
  query: [DRY_RUN],
  headers: ['If-Match', 'If-None-Match', 'X-Genesys-Actor', 'X-Genesys-Reason'],
  responses: {
    200: {
      description:
        'The customer id is erased already: the receipt of then. With `dry_run=yes`: what would be removed, and nothing is.',
      schema: { anyOf: [component('ErasureReceipt'), component('ErasurePreview')] },
    },
    201: { description: 'The person is erased.', schema: component('ErasureReceipt'), headers: ['Location'] },
  },
  errors: ['not_found', 'revision_conflict', 'precondition_required', 'not_supported'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    const earlier = await receiptOf(call, id);
    if (earlier) return jsonResponse(200, wireReceipt(earlier));
    const erase = ({ profiles }: Pick<Call, 'profiles'>) =>
      changeProfile({ ...call, profiles }, id, ({ segment: _, ...options }) =>
        profiles.erase(call.tenantId, id, options),
      );
    if (!isDryRun(call)) return jsonResponse(201, wireReceipt(await erase(call)), { location: call.path });
    const { result } = await call.profiles.dryRun(call.tenantId, (profiles) => erase({ profiles }));
    return jsonResponse(200, wirePreview(result));
  },
};

/** E3 */
export const getErasure: TenantHandler = {
  id: 'getErasure',
  summary: 'Get the receipt of an erasure',
  responses: { 200: { description: 'The receipt.', schema: component('ErasureReceipt') } },
  errors: ['not_found', 'not_supported'],

  async run({ profiles, tenantId, pathParameter }) {
    return jsonResponse(200, wireReceipt(await profiles.erasure(tenantId, pathParameter('customer_id'))));
  },
};

/** `undefined` if the customer id is not erased. */
async function receiptOf({ profiles, tenantId }: Call, id: string): Promise<ErasureReceipt | undefined> {
  try {
    return await profiles.erasure(tenantId, id);
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}

function wireReceipt(receipt: ErasureReceipt): object {
  const { erasure, time, actor, reason } = receipt;
  return { erasure, time, actor, reason, ...wirePreview(receipt) };
}

function wirePreview({ customerId, customerIds, removed, heldBy }: ErasureReceipt): object {
  return { customer_id: customerId, customer_ids: customerIds, removed, held_by: heldBy };
}

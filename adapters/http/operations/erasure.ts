import type { ErasureReceipt } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { Call, TenantHandler } from '../operation.js';
import { DRY_RUN, isYes } from '../query.js';
import { jsonResponse } from '../response.js';
import { changeProfile } from './conditional-change.js';

/** E3 */
export const eraseProfile: TenantHandler = {
  id: 'eraseProfile',
  summary: 'Erase a person',
  description:
    'Removes the profile, or what is kept of one that was deleted or merged away, with its former states and index entries, ' +
    'and all that was merged into it. `If-Match` may also name the revision of a deletion.',
  query: [DRY_RUN],
  headers: ['If-Match', 'If-None-Match', 'X-Genesys-Actor', 'X-Genesys-Reason', 'X-Genesys-Origin'],
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
    const erase = (profiles: Call['profiles']) =>
      changeProfile({ ...call, profiles }, id, ({ segment: _, ...options }) =>
        profiles.erase(call.tenantId, id, options),
      );
    const isRehearsal = isYes(call.query, DRY_RUN.name);
    const erased = isRehearsal ? (await call.profiles.dryRun(call.tenantId, erase)).result : await erase(call.profiles);
    if (erased.repeated) return jsonResponse(200, wireReceipt(erased));
    if (isRehearsal) return jsonResponse(200, wirePreview(erased));
    return jsonResponse(201, wireReceipt(erased), { location: call.path });
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

function wireReceipt(receipt: ErasureReceipt): object {
  const { erasure, time, actor, reason } = receipt;
  return { erasure, time, actor, reason, ...wirePreview(receipt) };
}

function wirePreview({ customerId, customerIds, removed, formerStatesOf, heldBy }: ErasureReceipt): object {
  const ids = { customer_id: customerId, customer_ids: customerIds };
  return { ...ids, removed, former_states_of: formerStatesOf, held_by: heldBy };
}

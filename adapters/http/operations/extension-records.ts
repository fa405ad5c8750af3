import { component } from '../openapi/component-schemas.js';
import type { Call, TenantHandler } from '../operation.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { CHANGE, changeProfile } from './conditional-change.js';
import { membersFor, profileHeaders } from './wire-profile.js';

/** W9. Returns the customer id, as other changes do that return no profile. */
export const insertRecords: TenantHandler = {
  ...CHANGE,
  id: 'insertRecords',
  summary: 'Insert extension records; replace those with the same unique attributes',
  body: { schema: component('Records') },
  responses: {
    200: {
      description: 'The records were inserted.',
      schema: component('CustomerId'),
      headers: ['ETag', 'X-Genesys-Segment'],
    },
  },

  async run(call) {
    const id = call.pathParameter('customer_id');
    const records = membersFor(id, call.body);
    const profile = await changeProfile(call, id, (options) =>
      call.profiles.insertRecords(call.tenantId, id, records, options),
    );
    return jsonResponse(200, { customer_id: id }, profileHeaders(profile));
  },
};

/** W10 */
export const updateRecord: TenantHandler = {
  ...CHANGE,
  id: 'updateRecord',
  summary: 'Update the extension record with the given unique attributes',
  description: 'Attributes that are not in the body stay unchanged; `null` clears an attribute.',
  body: { schema: component('ExtensionRecord') },
  responses: { 204: { description: 'The record was updated.', headers: ['ETag', 'X-Genesys-Segment'] } },
  run: (call) => changeRecord(call, 'updateRecord'),
};

/** W10 */
export const deleteRecord: TenantHandler = {
  ...CHANGE,
  id: 'deleteRecord',
  summary: 'Delete the extension record with the given unique attributes',
  body: { schema: component('ExtensionRecord') },
  responses: { 204: { description: 'The record was deleted.', headers: ['ETag', 'X-Genesys-Segment'] } },
  run: (call) => changeRecord(call, 'deleteRecord'),
};

async function changeRecord(call: Call, change: 'updateRecord' | 'deleteRecord'): Promise<Response> {
  const id = call.pathParameter('customer_id');
  const extension = call.pathParameter('extension');
  const record = membersFor(id, call.body);
  const profile = await changeProfile(call, id, (options) =>
    call.profiles[change](call.tenantId, id, extension, record, options),
  );
  return emptyResponse(204, profileHeaders(profile));
}

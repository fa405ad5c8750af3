import { component } from '../description/wire-schemas.js';
import type { Call, TenantHandler } from '../operation.js';
import { CHANGE, changeOptions } from './change-options.js';
import { emptyResponse, jsonResponse } from './json-response.js';
import { profileHeaders } from './profile-headers.js';
import { membersFor } from './wire-profile.js';

/** W9. Like other changes that answer no profile, it answers the id. */
export const insertRecords: TenantHandler = {
  ...CHANGE,
  id: 'insertRecords',
  summary: 'Insert extension records, replacing those with equal unique attributes',
  body: { schema: component('Records') },
  answers: {
    200: {
      description: 'They were inserted.',
      schema: component('CustomerId'),
      headers: ['ETag', 'X-Genesys-Segment'],
    },
  },

  async run(call) {
    const id = call.pathParameter('customer_id');
    const records = membersFor(id, call.body);
    const profile = await call.profiles.insertRecords(call.tenantId, id, records, changeOptions(call));
    return jsonResponse(200, { customer_id: id }, profileHeaders(profile));
  },
};

/** W10 */
export const updateRecord: TenantHandler = {
  ...CHANGE,
  id: 'updateRecord',
  summary: 'Update one extension record, found by its unique attributes',
  description: 'Attributes that the body does not name stay; `null` clears one.',
  body: { schema: component('ExtensionRecord') },
  answers: { 204: { description: 'It was updated.', headers: ['ETag', 'X-Genesys-Segment'] } },
  run: (call) => changeRecord(call, 'updateRecord'),
};

/** W10 */
export const deleteRecord: TenantHandler = {
  ...CHANGE,
  id: 'deleteRecord',
  summary: 'Delete one extension record, found by its unique attributes',
  body: { schema: component('ExtensionRecord') },
  answers: { 204: { description: 'It was deleted.', headers: ['ETag', 'X-Genesys-Segment'] } },
  run: (call) => changeRecord(call, 'deleteRecord'),
};

async function changeRecord(call: Call, change: 'updateRecord' | 'deleteRecord'): Promise<Response> {
  const id = call.pathParameter('customer_id');
  const extension = call.pathParameter('extension');
  const record = membersFor(id, call.body);
  const profile = await call.profiles[change](call.tenantId, id, extension, record, changeOptions(call));
  return emptyResponse(204, profileHeaders(profile));
}

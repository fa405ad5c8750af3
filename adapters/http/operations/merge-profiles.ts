import { MalformedRequestError } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { TenantHandler } from '../operation.js';
import { AFTER_ERASURE, afterErasureIn } from '../query.js';
import type { JsonObject } from '../request-body.js';
import { emptyResponse } from '../response.js';
import { CHANGE, changeProfile } from './conditional-change.js';
import { membersFor, profileHeaders } from './wire-profile.js';

/** Members that UCS clients send; they have no effect here. */
const IGNORED_MEMBERS: ReadonlySet<string> = new Set(['agent_id', 'reason', 'description']);

/** W11. `force_merge` is false without a body. */
export const mergeProfiles: TenantHandler = {
  id: 'mergeProfiles',
  summary: 'Merge a source profile into this profile, and delete the source',
  description: '`If-Match` and `If-None-Match` apply to this profile, not to the source.',
  headers: CHANGE.headers,
  body: { schema: component('Merge'), optional: true },
  responses: { 204: { description: 'The profiles were merged.', headers: ['ETag', 'X-Genesys-Segment'] } },
  errors: [...CHANGE.errors, 'merge_conflict', 'referenced'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    const force = isForced(membersFor(id, call.body));
    const source = call.pathParameter('source_id');
    const profile = await changeProfile(call, id, (options) =>
      call.profiles.merge(call.tenantId, id, source, { force, ...options }),
    );
    return emptyResponse(204, profileHeaders(profile));
  },
};

/** H4, W13 */
export const unmergeProfiles: TenantHandler = {
  id: 'unmergeProfiles',
  summary: 'Take back the latest merge of a source profile into this profile',
  description:
    'Both profiles become what they were before. `If-Match` and `If-None-Match` apply to this profile, not to the source.',
  query: [AFTER_ERASURE],
  headers: CHANGE.headers.filter((name) => name !== 'X-Genesys-Segment'),
  responses: { 204: { description: 'The merge was taken back.', headers: ['ETag', 'X-Genesys-Segment'] } },
  errors: [...CHANGE.errors, 'erased', 'merge_conflict', 'too_large', 'not_supported'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    const source = call.pathParameter('source_id');
    const afterErasure = afterErasureIn(call.query);
    const profile = await changeProfile(call, id, ({ segment: _, ...options }) =>
      call.profiles.unmerge(call.tenantId, id, source, { ...options, afterErasure }),
    );
    return emptyResponse(204, profileHeaders(profile));
  },
};

function isForced({ force_merge: force = false, ...others }: JsonObject): boolean {
  if (typeof force !== 'boolean') throw new MalformedRequestError('The member force_merge must be a boolean.');
  if (!Object.keys(others).every((name) => IGNORED_MEMBERS.has(name))) {
    throw new MalformedRequestError(
      'The body has an unknown member. Allowed: force_merge, agent_id, reason, description.',
    );
  }
  return force;
}

import { MalformedRequestError } from 'dossier';
import { component } from '../description/wire-schemas.js';
import type { TenantHandler } from '../operation.js';
import type { JsonObject } from '../request-body.js';
import { CHANGE, changeOptions } from './change-options.js';
import { emptyResponse } from './json-response.js';
import { profileHeaders } from './profile-headers.js';
import { membersFor } from './wire-profile.js';

/** What UCS took beside `force_merge`, and what its callers therefore send. It changes nothing here. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['agent_id', 'reason', 'description']);

/** W11. No body, and one without `force_merge`, mean that nothing is forced. */
export const mergeProfiles: TenantHandler = {
  id: 'mergeProfiles',
  summary: 'Merge a source profile into this one; the source is deleted',
  description: '`If-Match` is about this profile, not the source.',
  headers: CHANGE.headers,
  body: { schema: component('Merge'), optional: true },
  answers: { 204: { description: 'They were merged.', headers: ['ETag', 'X-Genesys-Segment'] } },
  errors: [...CHANGE.errors, 'merge_conflict'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    const force = isForced(membersFor(id, call.body));
    const source = call.pathParameter('source_id');
    const profile = await call.profiles.merge(call.tenantId, id, source, { force, ...changeOptions(call) });
    return emptyResponse(204, profileHeaders(profile));
  },
};

function isForced({ force_merge: force = false, ...others }: JsonObject): boolean {
  if (typeof force !== 'boolean') throw new MalformedRequestError('The member force_merge must be true or false.');
  if (!Object.keys(others).every((name) => WITHOUT_EFFECT.has(name))) {
    throw new MalformedRequestError('The body of a merge may have force_merge, agent_id, reason and description only.');
  }
  return force;
}

import { MalformedRequestError } from 'dossier';
import { entityTag, expectedRevisions } from '../entity-tags.js';
import type { Call } from '../operation.js';
import { namesIn } from '../query.js';
import { segmentHeader } from '../segment.js';
import { conditionalResponse, jsonResponse } from './json-response.js';
import { flatProfile, splitCustomerId } from './wire-profile.js';

/** Creates a profile, with the id in the body or a generated one (W5). */
export async function createProfile({ profiles, tenantId, body, context, path }: Call): Promise<Response> {
  const profile = await profiles.create(tenantId, splitCustomerId(body), context);
  const headers = {
    location: `${path}/${profile.customerId}`,
    etag: entityTag(profile.revision),
    ...segmentHeader(profile),
  };
  return jsonResponse(201, { customer_id: profile.customerId }, headers);
}

/** Answers all attributes, and the extensions that were asked for (W4). */
export async function getProfile({ profiles, tenantId, pathParameter, query, headers }: Call): Promise<Response> {
  const list = query.get('extensions');
  const extensions = list === undefined ? undefined : namesIn(list);
  const profile = await profiles.get(tenantId, pathParameter('customer_id'), { extensions });
  return conditionalResponse(headers, profile.revision, flatProfile(profile), segmentHeader(profile));
}

/** Replaces a profile, and answers it as kept (W5). */
export async function replaceProfile(call: Call): Promise<Response> {
  const { profiles, tenantId, body, context, path } = call;
  const id = call.pathParameter('customer_id');
  const { customerId = id, members } = splitCustomerId(body);
  if (customerId !== id) throw new MalformedRequestError('The customer_id in the body must be the one in the URL.');
  const profile = await profiles.replace(tenantId, id, { members }, { ifRevision: revisionsOf(call), ...context });
  const headers = { etag: entityTag(profile.revision), 'content-location': path, ...segmentHeader(profile) };
  return jsonResponse(200, flatProfile(profile), headers);
}

/** Deletes a profile, and answers its id (W5). */
export async function deleteProfile(call: Call): Promise<Response> {
  const id = call.pathParameter('customer_id');
  await call.profiles.delete(call.tenantId, id, { ifRevision: revisionsOf(call) });
  return jsonResponse(200, { customer_id: id });
}

/** The revisions of `If-Match`. With `*` any will do: what there is none of is a 404 in any case. */
function revisionsOf({ headers }: Call): readonly number[] | undefined {
  const revisions = expectedRevisions(headers);
  return revisions === '*' ? undefined : revisions;
}

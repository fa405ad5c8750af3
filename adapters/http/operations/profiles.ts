import { requestsFresh } from '../cache-control.js';
import { knownRevisions } from '../entity-tags.js';
import { component } from '../openapi/component-schemas.js';
import { creations, replacements } from '../openapi/examples.js';
import type { TenantHandler } from '../operation.js';
import { EXTENSIONS, wantedExtensions } from '../query.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { CHANGE, CONTEXT_HEADERS, changeProfile } from './change-options.js';
import { flatProfile, membersFor, profileHeaders, splitCustomerId } from './wire-profile.js';

/** W5 */
export const createProfile: TenantHandler = {
  id: 'createProfile',
  summary: 'Create a profile',
  description: 'Uses the `customer_id` of the body, or generates one.',
  headers: CONTEXT_HEADERS,
  body: { schema: component('Representation'), examples: creations },
  responses: {
    201: {
      description: 'The profile was created.',
      schema: component('CustomerId'),
      headers: ['Location', 'ETag', 'X-Genesys-Segment'],
    },
  },
  errors: ['invalid_profile', 'schema_not_defined', 'already_exists', 'identity_taken'],

  async run({ profiles, tenantId, body, context, path }) {
    const profile = await profiles.create(tenantId, splitCustomerId(body), context);
    const headers = { location: `${path}/${profile.customerId}`, ...profileHeaders(profile) };
    return jsonResponse(201, { customer_id: profile.customerId }, headers);
  },
};

/** W4 */
export const getProfile: TenantHandler = {
  id: 'getProfile',
  summary: 'Get the attributes and the requested extensions of a profile',
  query: [EXTENSIONS],
  headers: ['If-None-Match', 'Cache-Control'],
  responses: {
    200: { description: 'The profile.', schema: component('Profile'), headers: ['ETag', 'X-Genesys-Segment'] },
    304: { description: 'The profile has not changed.', headers: ['ETag', 'X-Genesys-Segment'] },
  },
  errors: ['not_found'],

  async run({ profiles, tenantId, pathParameter, query, headers }) {
    const isKnown = knownRevisions(headers);
    const options = { extensions: wantedExtensions(query), fresh: requestsFresh(headers) };
    const profile = await profiles.get(tenantId, pathParameter('customer_id'), options);
    if (isKnown(profile.revision)) return emptyResponse(304, profileHeaders(profile));
    return jsonResponse(200, flatProfile(profile), profileHeaders(profile));
  },
};

/** W5 */
export const replaceProfile: TenantHandler = {
  ...CHANGE,
  id: 'replaceProfile',
  summary: 'Replace a profile',
  description:
    'Replaces all attributes. If the body has no extension, the stored extensions stay; if it has any, it replaces all ' +
    'extensions.',
  body: { schema: component('Representation'), examples: replacements },
  responses: {
    200: {
      description: 'The stored profile: all attributes, and the extensions if the body has any.',
      schema: component('Profile'),
      headers: ['ETag', 'Content-Location', 'X-Genesys-Segment'],
    },
  },

  async run(call) {
    const { profiles, tenantId, body, path } = call;
    const id = call.pathParameter('customer_id');
    const members = membersFor(id, body);
    const profile = await changeProfile(call, id, (options) => profiles.replace(tenantId, id, { members }, options));
    return jsonResponse(200, flatProfile(profile), { 'content-location': path, ...profileHeaders(profile) });
  },
};

/** W5 */
export const deleteProfile: TenantHandler = {
  id: 'deleteProfile',
  summary: 'Delete a profile',
  headers: ['If-Match', 'If-None-Match', 'X-Genesys-Actor', 'X-Genesys-Reason'],
  responses: { 200: { description: 'The profile was deleted.', schema: component('CustomerId') } },
  errors: ['not_found', 'revision_conflict', 'precondition_required', 'referenced'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    await changeProfile(call, id, ({ segment: _, ...options }) => call.profiles.delete(call.tenantId, id, options));
    return jsonResponse(200, { customer_id: id });
  },
};

import { requestsFresh } from '../cache-control.js';
import { CONTEXT_HEADERS } from '../change-context.js';
import { knownTags } from '../entity-tags.js';
import { component } from '../openapi/component-schemas.js';
import { creations, patches, replacements } from '../openapi/examples.js';
import type { QueryParameter } from '../openapi/operation-description.js';
import type { TenantHandler } from '../operation.js';
import {
  AFTER_ERASURE,
  ALLOW_LOSS,
  ATTRIBUTES,
  afterErasureIn,
  allowedLosses,
  DRY_RUN,
  EXTENSIONS,
  isYes,
  wantedAttributes,
  wantedExtensions,
} from '../query.js';
import { JSON_TYPES } from '../request-body.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { CHANGE, changeProfile } from './conditional-change.js';
import { orPreview, previewResponse } from './dry-run.js';
import { flatProfile, membersFor, profileHeaders, readingHeaders, splitCustomerId } from './wire-profile.js';

const ID_KEY: QueryParameter = {
  name: 'id_key',
  description:
    'A unique identification key. If it finds a profile by the values of the body, that profile stays as it is, and none is ' +
    'created. Of a multi-valued attribute the first value counts, of an extension the first record.',
};

/** W5, L6 */
export const createProfile: TenantHandler = {
  id: 'createProfile',
  summary: 'Create a profile',
  description:
    'Uses the `customer_id` of the body, or generates one. With `id_key`, it creates only what that does not find.',
  query: [ID_KEY, AFTER_ERASURE],
  headers: CONTEXT_HEADERS,
  body: { schema: component('Representation'), examples: creations },
  responses: {
    200: {
      description: 'By `id_key`: the profile that was found.',
      schema: component('CustomerId'),
      headers: ['ETag', 'X-Genesys-Segment'],
    },
    201: {
      description: 'The profile was created.',
      schema: component('CustomerId'),
      headers: ['Location', 'ETag', 'X-Genesys-Segment'],
    },
  },
  errors: ['invalid_profile', 'schema_not_defined', 'not_found', 'already_exists', 'erased', 'identity_taken'],

  async run({ profiles, tenantId, body, query, path, ...call }) {
    const context = { ...call.context, afterErasure: afterErasureIn(query) };
    const key = query.get(ID_KEY.name);
    const input = splitCustomerId(body);
    const { profile, created } =
      key === undefined
        ? { profile: await profiles.create(tenantId, input, context), created: true }
        : await profiles.findOrCreate(tenantId, { key }, input, context);
    const answer = { customer_id: profile.customerId };
    if (!created) return jsonResponse(200, answer, profileHeaders(profile));
    return jsonResponse(201, answer, { location: `${path}/${profile.customerId}`, ...profileHeaders(profile) });
  },
};

/** W4 */
export const getProfile: TenantHandler = {
  id: 'getProfile',
  summary: 'Get the attributes and the requested extensions of a profile',
  query: [ATTRIBUTES, EXTENSIONS],
  headers: ['If-None-Match', 'Cache-Control'],
  responses: {
    200: { description: 'The profile.', schema: component('Profile'), headers: ['ETag', 'X-Genesys-Segment'] },
    304: { description: 'The profile has not changed.', headers: ['ETag', 'X-Genesys-Segment'] },
  },
  errors: ['not_found'],

  async run({ profiles, tenantId, pathParameter, query, headers }) {
    const isKnown = knownTags(headers);
    const options = {
      attributes: wantedAttributes(query),
      extensions: wantedExtensions(query),
      fresh: requestsFresh(headers),
    };
    const profile = await profiles.get(tenantId, pathParameter('customer_id'), options);
    if (isKnown(profile.reading)) return emptyResponse(304, readingHeaders(profile));
    return jsonResponse(200, flatProfile(profile), readingHeaders(profile));
  },
};

const REBASE: QueryParameter = {
  name: 'rebase',
  description:
    'With `yes`, the change is carried over to a newer state where that touches nothing that it touches. `If-Match` must ' +
    'then have exactly one tag. Default `no`.',
  choices: ['no', 'yes'],
};

/** W5, L1, L2, L4 */
export const replaceProfile: TenantHandler = {
  ...CHANGE,
  id: 'replaceProfile',
  summary: 'Replace a profile',
  description:
    'Replaces all attributes. If the body has no extension, the stored extensions stay; if it has any, it replaces all ' +
    'extensions. With the tag of an answer in `If-Match`, it replaces only what that answer showed and what the body has.',
  ...orPreview({
    query: [ALLOW_LOSS, REBASE],
    responses: {
      200: {
        description:
          'The stored profile: all attributes, and all extensions if the body has any; by the tag of an answer, what that ' +
          'answer showed and what the body has.',
        schema: component('Profile'),
        headers: ['ETag', 'Content-Location', 'X-Genesys-Segment'],
      },
    },
  }),
  body: { schema: component('Representation'), examples: replacements },
  errors: [...CHANGE.errors, 'loss_not_allowed'],

  async run(call) {
    const { profiles, tenantId, body, path, query } = call;
    const id = call.pathParameter('customer_id');
    const members = membersFor(id, body);
    const own = { allowLoss: allowedLosses(query), rebase: isYes(query, REBASE.name) };
    if (isYes(query, DRY_RUN.name)) {
      const preview = await changeProfile(call, id, (options) =>
        profiles.preview(tenantId, id, { members }, { ...options, ...own }),
      );
      return previewResponse(preview);
    }
    const profile = await changeProfile(call, id, (options) =>
      profiles.replace(tenantId, id, { members }, { ...options, ...own }),
    );
    return jsonResponse(200, flatProfile(profile), { 'content-location': path, ...readingHeaders(profile) });
  },
};

/** L5, L4 */
export const patchProfile: TenantHandler = {
  ...CHANGE,
  id: 'patchProfile',
  summary: 'Change members of a profile',
  description:
    'A merge patch (RFC 7396): members of the body replace the stored ones, `null` clears, all others stay. The record of a ' +
    'single-valued extension is patched by member; a multi-valued attribute or extension is replaced as a whole.',
  query: [REBASE],
  body: {
    schema: component('ProfilePatch'),
    mediaTypes: ['application/merge-patch+json', ...JSON_TYPES],
    examples: patches,
  },
  responses: {
    200: {
      description:
        'The stored profile: all attributes, and the extensions that the body names; by the tag of an answer, what that ' +
        'answer showed and what the body has.',
      schema: component('Profile'),
      headers: ['ETag', 'Content-Location', 'X-Genesys-Segment'],
    },
  },

  async run(call) {
    const { profiles, tenantId, body, path, query } = call;
    const id = call.pathParameter('customer_id');
    const members = membersFor(id, body);
    const rebase = isYes(query, REBASE.name);
    const profile = await changeProfile(call, id, (options) =>
      profiles.patch(tenantId, id, { members }, { ...options, rebase }),
    );
    return jsonResponse(200, flatProfile(profile), { 'content-location': path, ...readingHeaders(profile) });
  },
};

/** W5 */
export const deleteProfile: TenantHandler = {
  id: 'deleteProfile',
  summary: 'Delete a profile',
  headers: ['If-Match', 'If-None-Match', 'X-Genesys-Actor', 'X-Genesys-Reason', 'X-Genesys-Origin'],
  responses: { 200: { description: 'The profile was deleted.', schema: component('CustomerId') } },
  errors: ['not_found', 'revision_conflict', 'precondition_required', 'referenced'],

  async run(call) {
    const id = call.pathParameter('customer_id');
    await changeProfile(call, id, ({ segment: _, ...options }) => call.profiles.delete(call.tenantId, id, options));
    return jsonResponse(200, { customer_id: id });
  },
};

import { NotFoundError, type ProfileState } from 'dossier';
import { segmentHeader } from '../change-context.js';
import { formerTag, knownTags } from '../entity-tags.js';
import { component } from '../openapi/component-schemas.js';
import { listOf } from '../openapi/json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import {
  AFTER_ERASURE,
  ALLOW_LOSS,
  ATTRIBUTES,
  afterErasureIn,
  allowedLosses,
  EXTENSIONS,
  positiveIntegerOf,
  wantedAttributes,
  wantedExtensions,
} from '../query.js';
import { emptyResponse, jsonResponse, jsonTextResponse } from '../response.js';
import { CHANGE, changeProfile } from './conditional-change.js';
import { linkToNext } from './link.js';
import { flatProfile, readingHeaders } from './wire-profile.js';

const MAX_STATES = 100;

const OF_DELETED = 'Of a profile that was deleted, only administrators get other than a 404.';

/** W13 */
export const getHistory: TenantHandler = {
  id: 'getHistory',
  summary: 'List the states of a profile, the newest first',
  description: `Who made a state, and why, is answered to administrators alone. ${OF_DELETED}`,
  query: [
    {
      name: 'limit',
      description: `The most states of the page. Default ${MAX_STATES}.`,
      schema: { type: 'integer', minimum: 1, maximum: MAX_STATES },
    },
    {
      name: 'after',
      description: 'Return the states before this revision. The link to the next page sets it.',
      schema: { type: 'integer', minimum: 1 },
    },
  ],
  responses: { 200: { description: 'The states.', schema: listOf(component('ProfileState')), headers: ['Link'] } },
  errors: ['not_found', 'not_supported'],

  async run(call) {
    const { profiles, tenantId, query, path, isAdministrator } = call;
    const id = call.pathParameter('customer_id');
    const options = {
      limit: positiveIntegerOf(query, 'limit', MAX_STATES),
      after: positiveIntegerOf(query, 'after', Number.MAX_SAFE_INTEGER),
    };
    await requireVisible(call, id);
    const { items, next } = await profiles.history(tenantId, id, options);
    const states = isAdministrator ? items : items.map(withoutAttribution);
    return jsonResponse(200, states, linkToNext(path, query, ['after', next]));
  },
};

/** W13 */
export const getFormerProfile: TenantHandler = {
  id: 'getFormerProfile',
  summary: 'Get a profile as it was in a revision',
  description: `All attributes and the requested extensions, by the schema of today. ${OF_DELETED}`,
  query: [ATTRIBUTES, EXTENSIONS],
  headers: ['If-None-Match'],
  responses: {
    200: {
      description: 'The profile as it was. No change matches its entity tag.',
      schema: component('Profile'),
      headers: ['ETag', 'X-Genesys-Segment'],
    },
    304: { description: 'The answer would be the same.', headers: ['ETag', 'X-Genesys-Segment'] },
  },
  errors: ['not_found', 'not_supported'],

  async run(call) {
    const { profiles, tenantId, query } = call;
    const isKnown = knownTags(call.headers);
    const id = call.pathParameter('customer_id');
    const revision = revisionIn(call);
    await requireVisible(call, id);
    const former = await profiles.at(tenantId, id, revision, {
      attributes: wantedAttributes(query),
      extensions: wantedExtensions(query),
    });
    const text = JSON.stringify(flatProfile(former));
    const tag = formerTag(revision, text);
    const headers = { etag: `"${tag}"`, ...segmentHeader(former) };
    return isKnown(tag) ? emptyResponse(304, headers) : jsonTextResponse(200, text, headers);
  },
};

/** W13 */
export const restoreProfile: TenantHandler = {
  ...CHANGE,
  id: 'restoreProfile',
  summary: 'Make a profile what it was in a revision',
  description:
    'Replaces all attributes and extensions by those of the state, and the segment if the caller may set it. Without ' +
    '`If-Match` and `If-None-Match`, administrators can restore a profile that was deleted.',
  query: [ALLOW_LOSS, AFTER_ERASURE],
  headers: ['If-Match', 'If-None-Match', 'X-Genesys-Actor', 'X-Genesys-Reason', 'X-Genesys-Origin'],
  responses: {
    200: {
      description: 'The stored profile: all attributes and extensions.',
      schema: component('Profile'),
      headers: ['ETag', 'Content-Location', 'X-Genesys-Segment', 'X-Dossier-Residual'],
    },
  },
  errors: [...CHANGE.errors, 'erased', 'loss_not_allowed', 'too_large', 'not_supported'],

  async run(call) {
    const { profiles, tenantId, path, headers, isAdministrator, maySetSegment } = call;
    const id = call.pathParameter('customer_id');
    const revision = revisionIn(call);
    // A precondition is one of a profile that exists: as with other changes, it is a 404 where there is none.
    const isConditional = headers.has('if-match') || headers.has('if-none-match');
    const allowLoss = allowedLosses(call.query);
    const afterErasure = afterErasureIn(call.query);
    const restore = { segment: maySetSegment, deleted: isAdministrator && !isConditional, allowLoss, afterErasure };
    const profile = await changeProfile(call, id, (options) =>
      profiles.restore(tenantId, id, revision, { ...options, ...restore }),
    );
    const location = path.slice(0, path.lastIndexOf('/history/'));
    return jsonResponse(200, flatProfile(profile), {
      'content-location': location,
      ...(profile.unknown.length > 0 && { 'x-dossier-residual': profile.unknown.join(', ') }),
      ...readingHeaders(profile),
    });
  },
};

/** @throws NotFoundError as for a profile that never was, if there is none and the caller is no administrator */
async function requireVisible({ profiles, tenantId, isAdministrator }: Call, id: string): Promise<void> {
  if (!isAdministrator) await profiles.get(tenantId, id, { fresh: true });
}

function withoutAttribution({ actor: _, reason: __, ...state }: ProfileState): ProfileState {
  return state;
}

/** @throws NotFoundError if the path has no revision, since there is no such state either */
function revisionIn({ pathParameter }: Call): number {
  const text = pathParameter('revision');
  const revision = Number(text);
  if (/^[1-9][0-9]{0,15}$/.test(text) && Number.isSafeInteger(revision)) return revision;
  throw new NotFoundError('The revision in the URL must be a positive integer.');
}

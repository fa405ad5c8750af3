import { MalformedRequestError } from 'dossier';
import { requestsFresh } from '../cache-control.js';
import { component } from '../openapi/component-schemas.js';
import { listOf } from '../openapi/json-schema.js';
import type { TenantHandler } from '../operation.js';
import { choiceOf, EXTENSIONS, isYes, type Query, wantedExtensions } from '../query.js';
import { jsonTextResponse } from '../response.js';
import { linkToNext } from './link.js';
import { findPage } from './profile-page.js';

/** The page cursor. No attribute can have this name, since names begin with a letter (R1). */
const AFTER = '_after';

const PARAMETERS = [
  {
    name: 'id_key',
    description:
      'The identification key. Default: the first key, in order of definition, whose attributes are all given.',
  },
  { name: 'include_profile', description: 'Whether to return all attributes. Default `no`.', choices: ['yes', 'no'] },
  EXTENSIONS,
  {
    name: 'include_extensions',
    description: '`unique` returns extensions only if exactly one profile matches. Default `always`.',
    choices: ['always', 'unique'],
  },
  { name: AFTER, description: 'Return the profiles after this customer id. The link to the next page sets it.' },
];

/**
 * W6. `include_profile` concerns attributes only: `extensions` works with and without it. All query parameters that the
 * operation does not define are search criteria.
 */
export const identifyProfiles: TenantHandler = {
  id: 'identifyProfiles',
  summary: 'Find profiles by an identification key',
  description:
    'Returns profiles in order of customer id, at most 100 per page, and fewer if they are large. `Link` leads to the next page.',
  query: PARAMETERS,
  criteria: true,
  headers: ['Cache-Control'],
  responses: {
    200: { description: 'The matching profiles.', schema: listOf(component('Profile')), headers: ['Link'] },
  },
  errors: ['not_found'],

  async run({ profiles, tenantId, query, headers, path, maxPageBytes }) {
    const search = {
      key: query.get('id_key'),
      text: criteriaIn(query),
      attributes: isYes(query, 'include_profile') ? ('all' as const) : [],
      extensions: wantedExtensions(query),
      includeExtensions: choiceOf(query, 'include_extensions', ['always', 'unique']),
      after: query.get(AFTER),
      fresh: requestsFresh(headers),
    };
    const { texts, next } = await findPage(profiles, tenantId, search, maxPageBytes);
    return jsonTextResponse(200, `[${texts.join(',')}]`, linkToNext(path, query, [AFTER, next]));
  },
};

function criteriaIn(query: Query): Readonly<Record<string, string>> {
  const own = new Set(PARAMETERS.map(({ name }) => name));
  const criteria = [...query].filter(([name]) => !own.has(name));
  if (criteria.length === 0) {
    throw new MalformedRequestError('The query has no search criteria. Give all attributes of an identification key.');
  }
  return Object.fromEntries(criteria);
}

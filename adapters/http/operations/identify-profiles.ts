import { MalformedRequestError, type Profile } from 'dossier';
import { listOf } from '../description/json-schema.js';
import { component } from '../description/wire-schemas.js';
import { wantsFresh } from '../freshness.js';
import type { TenantHandler } from '../operation.js';
import { choiceOf, EXTENSIONS, isYes, type Query, wantedExtensions } from '../query.js';
import { jsonResponse } from './json-response.js';
import { flatProfile } from './wire-profile.js';

/** Where a page begins. An attribute cannot have this name, since names begin with a letter (R1). */
const AFTER = '_after';

const PARAMETERS = [
  { name: 'id_key', description: 'The identification key; by default the first whose attributes are all given.' },
  { name: 'include_profile', description: 'Whether to answer all attributes. Default `no`.', choices: ['yes', 'no'] },
  EXTENSIONS,
  {
    name: 'include_extensions',
    description: 'Whether to answer the extensions only if exactly one profile matched. Default `always`.',
    choices: ['always', 'unique'],
  },
  { name: AFTER, description: 'Answer the profiles after this customer id: the link to the next page has it.' },
];

/**
 * W6. What `extensions` asks for is answered with and without `include_profile`, which is about the attributes. All query
 * parameters but its own are criteria.
 */
export const identifyProfiles: TenantHandler = {
  id: 'identifyProfiles',
  summary: 'Find profiles by an identification key',
  description: 'Ordered by customer id, at most 100 at once.',
  query: PARAMETERS,
  criteria: true,
  headers: ['Cache-Control'],
  answers: {
    200: { description: 'Those that match.', schema: listOf(component('Profile')), headers: ['Link'] },
  },
  errors: ['not_found'],

  async run({ profiles, tenantId, query, headers, path }) {
    const answered = isYes(query, 'include_profile') ? flatProfile : withoutAttributes;
    const page = await profiles.identify(tenantId, {
      key: query.get('id_key'),
      text: criteriaIn(query),
      extensions: wantedExtensions(query),
      includeExtensions: choiceOf(query, 'include_extensions', ['always', 'unique']),
      after: query.get(AFTER),
      fresh: wantsFresh(headers),
    });
    return jsonResponse(200, page.items.map(answered), linkToNext(path, query, page.next));
  },
};

function criteriaIn(query: Query): Readonly<Record<string, string>> {
  const own = new Set(PARAMETERS.map(({ name }) => name));
  const criteria = [...query].filter(([name]) => !own.has(name));
  if (criteria.length === 0) {
    throw new MalformedRequestError('Give what to find: the attributes of an identification key.');
  }
  return Object.fromEntries(criteria);
}

function withoutAttributes(profile: Profile) {
  return flatProfile({ ...profile, attributes: {} });
}

/** The page after this one, by the same query (RFC 8288). */
function linkToNext(path: string, query: Query, next: string | undefined): Record<string, string> {
  if (next === undefined) return {};
  const parameters = new URLSearchParams([...new Map(query).set(AFTER, next)]);
  return { link: `<${path}?${parameters}>; rel="next"` };
}

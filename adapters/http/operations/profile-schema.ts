import { type AttributeDefinition, isDossierError, MalformedRequestError, type Schema } from 'dossier';
import { profileJsonSchema } from '../description/profile-json-schema.js';
import { component } from '../description/wire-schemas.js';
import { entityTag, expectedRevisions, knownRevisions } from '../entity-tags.js';
import type { Call, TenantHandler } from '../operation.js';
import { emptyResponse, jsonResponse } from './json-response.js';

const JSON_SCHEMA_TYPE = 'application/schema+json';
const UNCHANGED = { description: 'The caller has it already.', headers: ['ETag'] } as const;

/** W7 */
export const getProfileSchema: TenantHandler = {
  id: 'getProfileSchema',
  summary: 'Get the definitions of the attributes of profiles',
  headers: ['If-None-Match'],
  answers: {
    200: { description: 'The definitions.', schema: component('ProfileSchema'), headers: ['ETag'] },
    304: UNCHANGED,
  },
  errors: ['not_found'],
  run: (call) => schemaView(call, (schema, etag) => jsonResponse(200, wireSchema(schema), etag)),
};

/** The definitions as others can check by them: a JSON Schema of what is sent to create or replace a profile. */
export const getProfileJsonSchema: TenantHandler = {
  id: 'getProfileJsonSchema',
  summary: 'Get the JSON Schema of a profile, as the tenant declares it',
  headers: ['If-None-Match'],
  answers: {
    200: {
      description: 'The JSON Schema.',
      schema: component('JsonSchema'),
      mediaType: JSON_SCHEMA_TYPE,
      headers: ['ETag'],
    },
    304: UNCHANGED,
  },
  errors: ['not_found'],
  run: (call) =>
    schemaView(call, (schema, etag) =>
      jsonResponse(200, profileJsonSchema(schema), { ...etag, 'content-type': JSON_SCHEMA_TYPE }),
    ),
};

/** W7 */
export const putProfileSchema: TenantHandler = {
  id: 'putProfileSchema',
  summary: 'Make the schema, or replace its attribute definitions',
  description: 'Extensions and identification keys stay.',
  headers: ['If-Match'],
  body: { schema: component('AttributeDefinitions') },
  answers: { 200: { description: 'The definitions.', schema: component('ProfileSchema'), headers: ['ETag'] } },
  errors: ['invalid_schema', 'schema_in_use', 'revision_conflict'],

  async run(call) {
    const { attributes, version: _answeredByGet, ...others } = call.body;
    if (Object.keys(others).length > 0) {
      throw new MalformedRequestError('The body must have the member attributes, and no other than version beside it.');
    }
    // The service checks the form of what it is given.
    const definitions = attributes as readonly AttributeDefinition[];
    const ifVersion = await expectedVersions(call);
    const schema = await call.schemas.defineAttributes(call.tenantId, definitions, { ifVersion });
    return jsonResponse(200, wireSchema(schema), { etag: entityTag(schema.version) });
  },
};

async function schemaView(
  { schemas, tenantId, headers }: Call,
  answer: (schema: Schema, etag: { readonly etag: string }) => Response,
): Promise<Response> {
  const isKnown = knownRevisions(headers);
  const schema = await schemas.get(tenantId);
  const etag = { etag: entityTag(schema.version) };
  return isKnown(schema.version) ? emptyResponse(304, etag) : answer(schema, etag);
}

function wireSchema({ version, attributes }: Schema): Pick<Schema, 'version' | 'attributes'> {
  return { version, attributes };
}

/** The versions of `If-Match`; `*` matches once there is a schema, which from then on there always is. */
async function expectedVersions({ schemas, tenantId, headers }: Call): Promise<readonly number[] | undefined> {
  const versions = expectedRevisions(headers);
  if (versions !== '*') return versions;
  try {
    await schemas.get(tenantId);
    return undefined;
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return [];
    throw error;
  }
}

import { type AttributeDefinition, isDossierError, MalformedRequestError, type Schema } from 'dossier';
import { entityTag, knownTags, preconditionsOf } from '../entity-tags.js';
import { component } from '../openapi/component-schemas.js';
import { profileJsonSchema } from '../openapi/profile-json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import { RESIDUAL, residualIn } from '../query.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { changeIf } from './conditional-change.js';
import { CHECKED, isChecked, triable } from './schema-trial.js';

const JSON_SCHEMA_TYPE = 'application/schema+json';
const NOT_MODIFIED = { description: 'The schema has not changed.', headers: ['ETag'] } as const;

/** W7 */
export const getProfileSchema: TenantHandler = {
  id: 'getProfileSchema',
  summary: 'Get the attribute definitions of profiles',
  headers: ['If-None-Match'],
  responses: {
    200: { description: 'The attribute definitions.', schema: component('ProfileSchema'), headers: ['ETag'] },
    304: NOT_MODIFIED,
  },
  errors: ['not_found'],
  run: (call) => conditionalResponse(call, (schema, etag) => jsonResponse(200, wireSchema(schema), etag)),
};

/** The tenant's schema as a JSON Schema of the body that creates or replaces a profile. */
export const getProfileJsonSchema: TenantHandler = {
  id: 'getProfileJsonSchema',
  summary: 'Get the JSON Schema of the tenant’s profiles',
  headers: ['If-None-Match'],
  responses: {
    200: {
      description: 'The JSON Schema.',
      schema: component('JsonSchema'),
      mediaType: JSON_SCHEMA_TYPE,
      headers: ['ETag'],
    },
    304: NOT_MODIFIED,
  },
  errors: ['not_found'],
  run: (call) =>
    conditionalResponse(call, (schema, etag) =>
      jsonResponse(200, profileJsonSchema(schema), { ...etag, 'content-type': JSON_SCHEMA_TYPE }),
    ),
};

/** W7, R23 */
const put: TenantHandler = {
  id: 'putProfileSchema',
  summary: 'Create the schema, or replace its attribute definitions',
  description: 'Keeps extensions and identification keys.',
  headers: ['If-Match', 'If-None-Match'],
  query: [RESIDUAL, CHECKED],
  body: { schema: component('AttributeDefinitions') },
  responses: {
    200: { description: 'The attribute definitions.', schema: component('ProfileSchema'), headers: ['ETag'] },
  },
  errors: ['invalid_schema', 'schema_in_use', 'revision_conflict'],

  async run(call) {
    const residual = residualIn(call.query);
    const definitions = definitionsIn(call);
    const schema = await changeSchemaIf(call, (ifVersion) =>
      call.schemas.defineAttributes(call.tenantId, definitions, { ifVersion, residual, checked: isChecked(call) }),
    );
    return jsonResponse(200, wireSchema(schema), { etag: entityTag(schema.version) });
  },
};

export const putProfileSchema = triable(
  put,
  (call) => ({ defineAttributes: definitionsIn(call) }),
  (call, proposal) => changeSchemaIf(call, (ifVersion) => call.schemas.tryOut(call.tenantId, proposal, { ifVersion })),
);

/** The definitions in a body, which the service validates. */
function definitionsIn({ body }: Call): readonly AttributeDefinition[] {
  const { attributes, version: _returnedByGet, ...others } = body;
  if (Object.keys(others).length > 0) {
    throw new MalformedRequestError('The body has an unknown member. Allowed: attributes, version.');
  }
  return attributes as readonly AttributeDefinition[];
}

async function conditionalResponse(
  { schemas, tenantId, headers }: Call,
  respond: (schema: Schema, etag: { readonly etag: string }) => Response,
): Promise<Response> {
  const isKnown = knownTags(headers);
  const schema = await schemas.get(tenantId);
  const etag = { etag: entityTag(schema.version) };
  return isKnown(String(schema.version)) ? emptyResponse(304, etag) : respond(schema, etag);
}

function wireSchema({ version, attributes }: Schema): Pick<Schema, 'version' | 'attributes'> {
  return { version, attributes };
}

/** Unlike a profile, a schema can be created by a `PUT`: `If-Match: *` then fails, and `If-None-Match: *` holds. */
async function changeSchemaIf<Result>(
  call: Call,
  change: (ifVersion: readonly number[] | undefined) => Promise<Result>,
): Promise<Result> {
  const { ifMatch } = preconditionsOf(call.headers);
  // A schema is never deleted, so this cannot race.
  const isMissing = ifMatch === '*' && (await versionOf(call)) === undefined;
  return changeIf(call.headers, {
    current: async () => {
      const revision = await versionOf(call);
      return revision === undefined ? undefined : { revision };
    },
    missing: [0],
    change: (expected) => change(isMissing ? [] : expected?.revisions),
  });
}

/** The newest version; `undefined` without a schema. */
async function versionOf({ schemas, tenantId }: Call): Promise<number | undefined> {
  try {
    return (await schemas.get(tenantId)).version;
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}

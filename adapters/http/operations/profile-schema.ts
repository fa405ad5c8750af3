import { type AttributeDefinition, isDossierError, MalformedRequestError, type Schema } from 'dossier';
import { entityTag, expectedRevisions } from '../entity-tags.js';
import type { Call } from '../operation.js';
import { conditionalResponse, jsonResponse } from './json-response.js';

/** Answers the attribute definitions with the version of the schema (W7). */
export async function getProfileSchema({ schemas, tenantId, headers }: Call): Promise<Response> {
  const schema = await schemas.get(tenantId);
  return conditionalResponse(headers, schema.version, wireSchema(schema));
}

/** Makes the schema, or replaces its attribute definitions (W7). */
export async function putProfileSchema(call: Call): Promise<Response> {
  const { attributes, version: _answeredByGet, ...others } = call.body;
  if (Object.keys(others).length > 0) {
    throw new MalformedRequestError('The body must have the member attributes, and no other than version beside it.');
  }
  // The service checks the form of what it is given.
  const definitions = attributes as readonly AttributeDefinition[];
  const schema = await call.schemas.defineAttributes(call.tenantId, definitions, { ifVersion: await versionsOf(call) });
  return jsonResponse(200, wireSchema(schema), { etag: entityTag(schema.version) });
}

function wireSchema({ version, attributes }: Schema): Pick<Schema, 'version' | 'attributes'> {
  return { version, attributes };
}

/** The versions of `If-Match`; `*` matches once there is a schema, which from then on there always is. */
async function versionsOf({ schemas, tenantId, headers }: Call): Promise<readonly number[] | undefined> {
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

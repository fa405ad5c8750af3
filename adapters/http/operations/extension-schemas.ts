import type { ExtensionDefinition } from 'dossier';
import type { JsonObject } from '../json-body.js';
import { component } from '../openapi/component-schemas.js';
import { listOf } from '../openapi/json-schema.js';
import type { TenantHandler } from '../operation.js';
import { isYes, RESIDUAL, residualIn } from '../query.js';
import { emptyResponse, jsonResponse } from '../response.js';

const EXTENSION = component('ExtensionDefinition');

export const listExtensions: TenantHandler = {
  id: 'listExtensions',
  summary: 'List all extension definitions in order of creation',
  responses: { 200: { description: 'The definitions.', schema: listOf(EXTENSION) } },
  errors: ['not_found'],

  async run({ schemas, tenantId }) {
    const { extensions } = await schemas.get(tenantId);
    return jsonResponse(200, extensions);
  },
};

/** W7 */
export const createExtension: TenantHandler = {
  id: 'createExtension',
  summary: 'Add an extension to the schema',
  body: { schema: EXTENSION },
  responses: { 201: { description: 'The definition.', schema: EXTENSION, headers: ['Location'] } },
  errors: ['invalid_schema', 'schema_not_defined', 'already_exists'],

  async run({ schemas, tenantId, body, path }) {
    // The service validates it.
    const definition = await schemas.addExtension(tenantId, fromWire(body) as unknown as ExtensionDefinition);
    return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
  },
};

/** What UCS clients send (W14): `classifier` is a single-valued extension without attributes, which may be left out. */
function fromWire({ type, attributes = [], ...others }: JsonObject): JsonObject {
  const isClassifier = type === 'classifier' && Array.isArray(attributes) && attributes.length === 0;
  return { ...others, type: isClassifier ? 'single-valued' : type, attributes };
}

export const getExtension: TenantHandler = {
  id: 'getExtension',
  summary: 'Get an extension definition',
  responses: { 200: { description: 'The definition.', schema: EXTENSION } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    return jsonResponse(200, await schemas.getExtension(tenantId, pathParameter('name')));
  },
};

/** W8, R23 */
export const deleteExtension: TenantHandler = {
  id: 'deleteExtension',
  summary: 'Delete an extension definition',
  query: [
    {
      name: 'force',
      description: '`yes` also deletes the records of the extension; `no` refuses if there are any. Default `no`.',
      choices: ['yes', 'no'],
    },
    RESIDUAL,
  ],
  responses: { 204: { description: 'The definition was deleted.' } },
  errors: ['not_found', 'schema_in_use'],

  async run({ schemas, tenantId, pathParameter, query }) {
    const options = { force: isYes(query, 'force'), residual: residualIn(query) };
    await schemas.removeExtension(tenantId, pathParameter('name'), options);
    return emptyResponse(204);
  },
};

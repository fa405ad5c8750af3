import type { IdentificationKeyDefinition } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import { listOf } from '../openapi/json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import type { JsonObject } from '../request-body.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { CHECKED, isChecked, triable } from './schema-trial.js';

const KEY = component('IdentificationKeyDefinition');

export const listKeys: TenantHandler = {
  id: 'listIdentificationKeys',
  summary: 'List all identification keys in order of definition, except those still being backfilled',
  responses: { 200: { description: 'The definitions.', schema: listOf(KEY) } },
  errors: ['not_found'],

  async run({ schemas, tenantId }) {
    const { identificationKeys } = await schemas.get(tenantId);
    return jsonResponse(200, identificationKeys);
  },
};

/** W7 */
const create: TenantHandler = {
  id: 'createIdentificationKey',
  summary: 'Add an identification key to the schema',
  description: 'Backfills the key from the stored profiles, and responds when that is complete.',
  query: [CHECKED],
  body: { schema: KEY },
  responses: { 201: { description: 'The definition.', schema: KEY, headers: ['Location'] } },
  errors: ['invalid_schema', 'schema_not_defined', 'already_exists', 'schema_in_use'],

  async run(call) {
    const { schemas, tenantId, path } = call;
    const definition = await schemas.addKey(tenantId, keyIn(call), { checked: isChecked(call) });
    return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
  },
};

export const createKey = triable(create, (call) => ({ addKey: keyIn(call) }));

/** The definition in a body, which the service validates. */
function keyIn({ body }: Call): IdentificationKeyDefinition {
  return fromWire(body) as unknown as IdentificationKeyDefinition;
}

/** UCS clients send blanks around names (W14). */
function fromWire(body: JsonObject): JsonObject {
  const { name, source, attributes } = body;
  return {
    ...body,
    ...(typeof name === 'string' && { name: name.trim() }),
    ...(typeof source === 'string' && { source: source.trim() }),
    ...(Array.isArray(attributes) && { attributes: attributes.map(trimmed) }),
  };
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}

export const getKey: TenantHandler = {
  id: 'getIdentificationKey',
  summary: 'Get an identification key',
  responses: { 200: { description: 'The definition.', schema: KEY } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    return jsonResponse(200, await schemas.getKey(tenantId, pathParameter('name')));
  },
};

const remove: TenantHandler = {
  id: 'deleteIdentificationKey',
  summary: 'Delete an identification key',
  // As every schema change (S2): stored profiles always fit this one.
  query: [CHECKED],
  responses: { 204: { description: 'The key was deleted.' } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    await schemas.removeKey(tenantId, pathParameter('name'));
    return emptyResponse(204);
  },
};

export const deleteKey = triable(remove, ({ pathParameter }) => ({ removeKey: pathParameter('name') }));

import type { IdentificationKeyDefinition } from 'dossier';
import { listOf } from '../description/json-schema.js';
import { component } from '../description/wire-schemas.js';
import type { TenantHandler } from '../operation.js';
import { emptyResponse, jsonResponse } from './json-response.js';

const KEY = component('IdentificationKeyDefinition');

export const listKeys: TenantHandler = {
  id: 'listIdentificationKeys',
  summary: 'List the definitions of all identification keys that are complete, in the order of definition',
  answers: { 200: { description: 'The definitions.', schema: listOf(KEY) } },
  errors: ['not_found'],

  async run({ schemas, tenantId }) {
    const { identificationKeys } = await schemas.get(tenantId);
    return jsonResponse(200, identificationKeys);
  },
};

/** W7 */
export const createKey: TenantHandler = {
  id: 'createIdentificationKey',
  summary: 'Create an identification key on an existing schema',
  description: 'It is filled from the profiles that there are, and answered once it is complete.',
  body: { schema: KEY },
  answers: { 201: { description: 'The definition.', schema: KEY, headers: ['Location'] } },
  errors: ['invalid_schema', 'schema_not_defined', 'already_exists', 'schema_in_use'],

  async run({ schemas, tenantId, body, path }) {
    // The service checks the form of what it is given.
    const definition = await schemas.addKey(tenantId, body as unknown as IdentificationKeyDefinition);
    return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
  },
};

export const getKey: TenantHandler = {
  id: 'getIdentificationKey',
  summary: 'Get the definition of one identification key',
  answers: { 200: { description: 'The definition.', schema: KEY } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    return jsonResponse(200, await schemas.getKey(tenantId, pathParameter('name')));
  },
};

export const deleteKey: TenantHandler = {
  id: 'deleteIdentificationKey',
  summary: 'Delete an identification key',
  answers: { 204: { description: 'It was deleted.' } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    await schemas.removeKey(tenantId, pathParameter('name'));
    return emptyResponse(204);
  },
};

import type { ExtensionDefinition } from 'dossier';
import { listOf } from '../description/json-schema.js';
import { component } from '../description/wire-schemas.js';
import type { TenantHandler } from '../operation.js';
import { isYes } from '../query.js';
import { emptyResponse, jsonResponse } from './json-response.js';

const EXTENSION = component('ExtensionDefinition');

export const listExtensions: TenantHandler = {
  id: 'listExtensions',
  summary: 'List the definitions of all extensions, in the order in which they were created',
  answers: { 200: { description: 'The definitions.', schema: listOf(EXTENSION) } },
  errors: ['not_found'],

  async run({ schemas, tenantId }) {
    const { extensions } = await schemas.get(tenantId);
    return jsonResponse(200, extensions);
  },
};

/** W7 */
export const createExtension: TenantHandler = {
  id: 'createExtension',
  summary: 'Create an extension on an existing schema',
  body: { schema: EXTENSION },
  answers: { 201: { description: 'The definition.', schema: EXTENSION, headers: ['Location'] } },
  errors: ['invalid_schema', 'schema_not_defined', 'already_exists'],

  async run({ schemas, tenantId, body, path }) {
    // The service checks the form of what it is given.
    const definition = await schemas.addExtension(tenantId, body as unknown as ExtensionDefinition);
    return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
  },
};

export const getExtension: TenantHandler = {
  id: 'getExtension',
  summary: 'Get the definition of one extension',
  answers: { 200: { description: 'The definition.', schema: EXTENSION } },
  errors: ['not_found'],

  async run({ schemas, tenantId, pathParameter }) {
    return jsonResponse(200, await schemas.getExtension(tenantId, pathParameter('name')));
  },
};

/** W8 */
export const deleteExtension: TenantHandler = {
  id: 'deleteExtension',
  summary: 'Delete an extension',
  query: [
    {
      name: 'force',
      description: 'Whether to delete its records too, rather than refuse. Default `no`.',
      choices: ['yes', 'no'],
    },
  ],
  answers: { 204: { description: 'It was deleted.' } },
  errors: ['not_found', 'schema_in_use'],

  async run({ schemas, tenantId, pathParameter, query }) {
    await schemas.removeExtension(tenantId, pathParameter('name'), { force: isYes(query, 'force') });
    return emptyResponse(204);
  },
};

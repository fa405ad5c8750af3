import type { ExtensionDefinition } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import { listOf } from '../openapi/json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import { isYes, RESIDUAL, residualIn } from '../query.js';
import { emptyResponse, jsonResponse } from '../response.js';
import { CHECKED, isChecked, triable } from './schema-trial.js';

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
const create: TenantHandler = {
  id: 'createExtension',
  summary: 'Add an extension to the schema',
  query: [CHECKED],
  body: { schema: EXTENSION },
  responses: { 201: { description: 'The definition.', schema: EXTENSION, headers: ['Location'] } },
  errors: ['invalid_schema', 'schema_not_defined', 'already_exists', 'schema_in_use'],

  async run(call) {
    const { schemas, tenantId, path } = call;
    const definition = await schemas.addExtension(tenantId, extensionIn(call), { checked: isChecked(call) });
    return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
  },
};

export const createExtension = triable(create, (call) => ({ addExtension: extensionIn(call) }));

/** The definition in a body, which the service validates. */
function extensionIn({ body }: Call): ExtensionDefinition {
  return body as unknown as ExtensionDefinition;
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

/** W8, R26 */
const replace: TenantHandler = {
  id: 'replaceExtension',
  summary: 'Replace an extension definition, or rename it: `formerly` then has the name in the URL',
  query: [
    {
      name: 'force',
      description:
        '`yes` also deletes the records of an extension that becomes single-valued; `no` refuses if there are any. Default `no`.',
      choices: ['yes', 'no'],
    },
    RESIDUAL,
    CHECKED,
  ],
  body: { schema: EXTENSION },
  responses: { 200: { description: 'The definition.', schema: EXTENSION } },
  errors: ['invalid_schema', 'not_found', 'already_exists', 'schema_in_use'],

  async run(call) {
    const { schemas, tenantId, pathParameter } = call;
    const definition = extensionIn(call);
    return jsonResponse(
      200,
      await schemas.replaceExtension(tenantId, pathParameter('name'), definition, optionsIn(call)),
    );
  },
};

export const replaceExtension = triable(replace, (call) => ({
  replaceExtension: { name: call.pathParameter('name'), definition: extensionIn(call) },
}));

function optionsIn(call: Call) {
  const { query } = call;
  return { force: isYes(query, 'force'), residual: residualIn(query), checked: isChecked(call) };
}

/** W8, R23 */
const remove: TenantHandler = {
  id: 'deleteExtension',
  summary: 'Delete an extension definition',
  query: [
    {
      name: 'force',
      description: '`yes` also deletes the records of the extension; `no` refuses if there are any. Default `no`.',
      choices: ['yes', 'no'],
    },
    RESIDUAL,
    CHECKED,
  ],
  responses: { 204: { description: 'The definition was deleted.' } },
  errors: ['not_found', 'schema_in_use'],

  async run(call) {
    const { schemas, tenantId, pathParameter } = call;
    await schemas.removeExtension(tenantId, pathParameter('name'), optionsIn(call));
    return emptyResponse(204);
  },
};

export const deleteExtension = triable(remove, ({ pathParameter }) => ({ removeExtension: pathParameter('name') }));

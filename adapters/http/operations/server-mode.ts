import { MalformedRequestError, SERVER_MODES, type ServerMode } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { TenantHandler } from '../operation.js';
import type { JsonObject } from '../request-body.js';
import { jsonResponse } from '../response.js';

/** W14 */
export const setMode: TenantHandler = {
  id: 'setServerMode',
  summary: 'Stop or resume changes of profiles',
  description:
    'In `maintenance`, changes of profiles get a 503 in all processes within a second, also an import that is under way. ' +
    'Reads, schema changes and dry runs go on. The mode concerns all tenants: callers that are bound to tenants cannot set it.',
  allTenants: true,
  body: { schema: component('ServerMode') },
  responses: { 200: { description: 'The mode was set.', schema: component('ServerMode') } },
  errors: ['not_supported'],

  async run({ body, serverMode }) {
    const mode = modeIn(body);
    await serverMode.set(mode);
    return jsonResponse(200, { mode });
  },
};

/** In any case, as UCS has it. */
function modeIn({ mode: given, ...others }: JsonObject): ServerMode {
  const mode = SERVER_MODES.find((candidate) => typeof given === 'string' && candidate === given.toLowerCase());
  if (mode !== undefined && Object.keys(others).length === 0) return mode;
  throw new MalformedRequestError(`The body must have the member mode alone, as ${SERVER_MODES.join(' or ')}.`);
}

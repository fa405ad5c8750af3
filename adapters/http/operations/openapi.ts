import { openApiDocument } from '../description/openapi-document.js';
import { component } from '../description/wire-schemas.js';
import type { Operation, PublicHandler } from '../operation.js';
import { jsonResponse } from './json-response.js';

const PATH = '/openapi.json';

/** The description of the interface, made from the operations that it routes: so the two cannot diverge. */
export function getOpenApi(operations: () => readonly Operation[]): PublicHandler {
  return {
    id: 'getOpenApi',
    summary: 'Get this description',
    answers: { 200: { description: 'An OpenAPI document.', schema: component('OpenApiDocument') } },
    errors: [],

    async run({ path, defaultTenant, challenge }) {
      const server = path.slice(0, -PATH.length) || '/';
      return jsonResponse(200, openApiDocument(operations(), { server, defaultTenant, challenge }));
    },
  };
}

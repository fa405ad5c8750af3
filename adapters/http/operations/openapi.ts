import { component } from '../openapi/component-schemas.js';
import { openApiDocument } from '../openapi/document.js';
import type { Operation, PublicHandler } from '../operation.js';
import { jsonResponse } from '../response.js';

const PATH = '/openapi.json';

/** Generates the OpenAPI document from the same table as the routes, so that they cannot diverge. */
export function getOpenApi(operations: () => readonly Operation[]): PublicHandler {
  return {
    id: 'getOpenApi',
    summary: 'Get the OpenAPI document of this API',
    responses: { 200: { description: 'The OpenAPI document.', schema: component('OpenApiDocument') } },
    errors: [],

    async run({ path, defaultTenant, challenge }) {
      const server = path.slice(0, -PATH.length) || '/';
      return jsonResponse(200, openApiDocument(operations(), { server, defaultTenant, challenge }));
    },
  };
}

import { component } from '../openapi/component-schemas.js';
import { openApiDocument } from '../openapi/document.js';
import { examplesFor } from '../openapi/examples.js';
import type { Operation, PublicHandler } from '../operation.js';
import { jsonResponse } from '../response.js';

const PATH = '/openapi.json';

/** Generates the OpenAPI document from the same table as the routes, so that they cannot diverge. */
export function getOpenApi(operations: () => readonly Operation[]): PublicHandler {
  return {
    id: 'getOpenApi',
    summary: 'Get the OpenAPI document of this API',
    description:
      'The examples fit the schema of the tenant, if the request names one whose schema the caller may read.',
    responses: { 200: { description: 'The OpenAPI document.', schema: component('OpenApiDocument') } },
    errors: [],

    async run({ path, defaultTenant, challenge, readableSchema }) {
      const server = path.slice(0, -PATH.length) || '/';
      const examples = examplesFor(await readableSchema());
      return jsonResponse(200, openApiDocument(operations(), { server, defaultTenant, challenge, examples }));
    },
  };
}

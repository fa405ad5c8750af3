import type { Operation } from '../operation.js';
import { type Resource, resourcesOf } from '../resource.js';
import { componentSchemas } from './component-schemas.js';
import { RESPONSE_HEADERS } from './headers.js';
import { type OperationSettings, openApiOperation } from './operation.js';

/** The URL, the access settings and the examples of the API. */
export interface DocumentSettings extends OperationSettings {
  /** The path prefix of the API, as callers see it. */
  readonly server: string;
}

const INFO = {
  title: 'Dossier',
  summary: 'Customer profiles, typed by a schema that each tenant declares',
  // The version of the API, not of the package: increases with each breaking change.
  version: '1',
};

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Operation[], settings: DocumentSettings): object {
  const { server, challenge } = settings;
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: server }],
    paths: Object.fromEntries(resourcesOf(operations).map((resource) => [resource.path, pathItem(resource, settings)])),
    components: {
      schemas: componentSchemas(settings.examples),
      headers: RESPONSE_HEADERS,
      ...(challenge !== undefined && {
        securitySchemes: { credentials: { type: 'http', scheme: schemeOf(challenge) } },
      }),
    },
  };
}

function pathItem({ operations }: Resource<Operation>, settings: DocumentSettings): object {
  return Object.fromEntries(
    operations.map((operation) => [operation.method.toLowerCase(), openApiOperation(operation, settings)]),
  );
}

/** The authentication scheme of a challenge, such as `basic` (RFC 9110 §11.6.1). */
function schemeOf(challenge: string): string {
  return challenge.split(' ', 1).join().toLowerCase();
}

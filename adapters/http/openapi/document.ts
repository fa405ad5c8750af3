import type { Operation } from '../operation.js';
import { type Resource, resourcesOf } from '../resource.js';
import { ANSWER_HEADERS } from './headers.js';
import { openApiOperation, type TenantAccess } from './openapi-operation.js';
import { WIRE_SCHEMAS } from './wire-schemas.js';

/** Where and how the interface is reached. */
export interface DocumentSettings extends TenantAccess {
  /** The path below which it lies, as the callers of the document see it. */
  readonly server: string;
}

const INFO = {
  title: 'Dossier',
  summary: 'Customer profiles, typed by a schema that each tenant declares',
  // Of the interface, not of the package: it goes up when callers have to change.
  version: '1',
};

/** An OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Operation[], settings: DocumentSettings): object {
  const { server, challenge } = settings;
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: server }],
    paths: Object.fromEntries(resourcesOf(operations).map((resource) => [resource.path, pathItem(resource, settings)])),
    components: {
      schemas: WIRE_SCHEMAS,
      headers: ANSWER_HEADERS,
      ...(challenge !== undefined && {
        securitySchemes: { credentials: { type: 'http', scheme: schemeOf(challenge) } },
      }),
    },
  };
}

function pathItem({ operations }: Resource<Operation>, access: TenantAccess): object {
  return Object.fromEntries(
    operations.map((operation) => [operation.method.toLowerCase(), openApiOperation(operation, access)]),
  );
}

/** The scheme of a challenge, such as `basic` (RFC 9110 §11.6.1). */
function schemeOf(challenge: string): string {
  return challenge.split(' ', 1).join().toLowerCase();
}

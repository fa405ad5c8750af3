import type { Operation, TenantOperation } from '../operation.js';
import { JSON_TYPES } from '../request-body.js';
import type { Examples } from './examples.js';
import { openApiParameters } from './parameters.js';
import { openApiResponses } from './responses.js';

/** How requests name their tenant and authenticate, and what they look like. */
export interface OperationSettings {
  /** The tenant of requests without `X-Genesys-TenantId`; absent if the header is required. */
  readonly defaultTenant: string | undefined;
  /** The `WWW-Authenticate` of a 401; absent if the host does not authenticate. */
  readonly challenge: string | undefined;
  readonly examples: Examples;
}

/** The OpenAPI operation object. */
export function openApiOperation(operation: Operation, settings: OperationSettings): object {
  const { challenge, examples } = settings;
  const { id, summary, description, path } = operation;
  const isPublic = operation.access === 'public';
  return {
    operationId: id,
    tags: [path.split('/')[1]],
    summary,
    description:
      [description, !isPublic && `Requires the role ${operation.access}.`].filter(Boolean).join(' ') || undefined,
    parameters: openApiParameters(operation, settings),
    ...(!isPublic && operation.body && { requestBody: requestBody(operation.body, examples) }),
    ...(!isPublic && operation.streams && { requestBody: streamedBody(operation.streams) }),
    responses: openApiResponses(operation),
    ...(!isPublic && challenge !== undefined && { security: [{ credentials: [] }] }),
  };
}

function requestBody(
  { schema, mediaTypes = JSON_TYPES, examples, optional = false }: NonNullable<TenantOperation['body']>,
  values: Examples,
): object {
  const content = { schema, examples: examples?.(values) };
  return { required: !optional, content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, content])) };
}

function streamedBody(mediaTypes: readonly string[]): object {
  return {
    required: true,
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' } }])),
  };
}

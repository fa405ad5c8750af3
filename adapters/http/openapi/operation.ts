import type { Operation, TenantOperation } from '../operation.js';
import { openApiParameters } from './openapi-parameters.js';
import { openApiResponses } from './openapi-responses.js';

/** What a caller needs to be answered about a tenant. */
export interface TenantAccess {
  /** The tenant of requests that name none; absent where each must name its own. */
  readonly defaultTenant: string | undefined;
  /** The `WWW-Authenticate` of a 401; absent where the host does not authenticate. */
  readonly challenge: string | undefined;
}

/** One operation as OpenAPI describes it. */
export function openApiOperation(operation: Operation, { defaultTenant, challenge }: TenantAccess): object {
  const { id, summary, description, path } = operation;
  const isPublic = operation.access === 'public';
  return {
    operationId: id,
    tags: [path.split('/')[1]],
    summary,
    description:
      [description, !isPublic && `Needs the role ${operation.access}.`].filter(Boolean).join(' ') || undefined,
    parameters: openApiParameters(operation, defaultTenant),
    ...(!isPublic && operation.body && { requestBody: requestBody(operation.body) }),
    ...(!isPublic && operation.streams && { requestBody: streamedBody(operation.streams) }),
    responses: openApiResponses(operation),
    ...(!isPublic && challenge !== undefined && { security: [{ credentials: [] }] }),
  };
}

function requestBody({ schema, examples, optional = false }: NonNullable<TenantOperation['body']>): object {
  return { required: !optional, content: { 'application/json': { schema, examples } } };
}

function streamedBody(mediaTypes: readonly string[]): object {
  return {
    required: true,
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' } }])),
  };
}

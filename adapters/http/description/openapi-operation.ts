import type { Operation, TenantOperation } from '../operation.js';
import { openApiParameters } from './openapi-parameters.js';
import { openApiResponses } from './openapi-responses.js';

/** What a caller needs to be answered about a tenant. */
export interface TenantAccess {
  /** Whether requests must name their tenant, since there is no default one. */
  readonly needsTenant: boolean;
  /** The `WWW-Authenticate` of a 401; absent where the host does not authenticate. */
  readonly challenge: string | undefined;
}

/** One operation as OpenAPI describes it. */
export function openApiOperation(operation: Operation, { needsTenant, challenge }: TenantAccess): object {
  const { id, summary, description, path } = operation;
  const isPublic = operation.access === 'public';
  return {
    operationId: id,
    tags: [path.split('/')[1]],
    summary,
    description:
      [description, !isPublic && `Needs the role ${operation.access}.`].filter(Boolean).join(' ') || undefined,
    parameters: openApiParameters(operation, needsTenant),
    ...(!isPublic && operation.body && { requestBody: requestBody(operation.body) }),
    ...(!isPublic && operation.streams && { requestBody: streamedBody(operation.streams) }),
    responses: openApiResponses(operation),
    ...(!isPublic && challenge !== undefined && { security: [{ credentials: [] }] }),
  };
}

function requestBody({ schema, optional = false }: NonNullable<TenantOperation['body']>): object {
  return { required: !optional, content: { 'application/json': { schema } } };
}

function streamedBody(mediaTypes: readonly string[]): object {
  return {
    required: true,
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' } }])),
  };
}

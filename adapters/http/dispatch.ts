import { MethodNotAllowedError, NotFoundError } from 'dossier';
import type { Context } from 'hono';
import { principalOf, requireRole } from './authentication.js';
import type { TenantOperation } from './operation.js';
import type { Principal } from './principal.js';
import type { ProfileApiSettings } from './profile-api-options.js';
import { parseQuery, type Query } from './query.js';
import { parseJsonObject, readJsonBody } from './request-body.js';
import type { OpenLogEntry } from './request-log.js';
import { methodsOf, operationFor, type Resource } from './resource.js';
import { SEGMENT_HEADER } from './segment.js';
import { NO_BODY, openBody } from './streamed-body.js';
import { requireTenant, requireTenantOf, tenantOf } from './tenant.js';

/** A request with the resource that its path names. */
export interface RoutedRequest {
  readonly context: Context;
  /** Absent for an unknown URI. */
  readonly resource: Resource | undefined;
}

/**
 * Carries out a request, or throws the first thing that stands in its way. The order is that of the interface: 401, 404
 * and 405 for the URI, 415, 413, 400 for syntax; what depends on stored data comes after, from the services.
 */
export async function perform(
  { context, resource }: RoutedRequest,
  settings: ProfileApiSettings,
  entry: OpenLogEntry,
): Promise<Response> {
  const request = context.req.raw;
  const operation = resource && operationFor(resource, request.method);
  const path = pathOf(request);
  const { profiles, schemas } = settings;
  if (operation?.access === 'public') {
    const { authenticate, challenge, defaultTenant } = settings;
    const { headers } = request;
    return operation.run({ profiles, schemas, path, headers, defaultTenant, challenge: authenticate && challenge });
  }

  const tenantId = tenantOf(request.headers, settings.defaultTenant);
  entry.tenantId = tenantId;
  const principal = await principalOf(context, settings.authenticate);
  entry.caller = settings.authenticate && principal.name;
  if (tenantId !== undefined) requireTenantOf(principal, tenantId);
  if (operation) requireRole(principal, operation.access);

  if (!resource) throw new NotFoundError('There is no such URI.');
  if (!operation) throw new MethodNotAllowedError(methodsOf(resource));

  const bytes = await bodyOf(request, operation, settings.maxBodyBytes);
  const stream = operation.streams ? openBody(request, operation.streams, settings.maxImportBytes) : NO_BODY;
  requireTenant(tenantId);
  return operation.run({
    profiles,
    schemas,
    tenantId,
    pathParameter: (name) => context.req.param(name) ?? '',
    query: queryOf(request, operation),
    headers: request.headers,
    body: bytes === undefined ? {} : parseJsonObject(bytes),
    stream,
    context: { segment: segmentOf(request, principal) },
    maySetSegment: principal.maySetSegment ?? false,
    path,
  });
}

async function bodyOf(request: Request, { body }: TenantOperation, limit: number): Promise<Uint8Array | undefined> {
  if (body === undefined) return undefined;
  const { optional = false } = body;
  const bytes = await readJsonBody(request, limit, { optional });
  return optional && bytes.byteLength === 0 ? undefined : bytes;
}

function queryOf({ url }: Request, { query = [], criteria = false }: TenantOperation): Query {
  return parseQuery(new URL(url).search, criteria ? 'all' : query.map(({ name }) => name));
}

/** Without the slash that some URIs may have at the end, so that others can be made from it. */
function pathOf({ url }: Request): string {
  return new URL(url).pathname.replace(/\/$/, '');
}

function segmentOf({ headers }: Request, { maySetSegment }: Principal): string | undefined {
  return maySetSegment ? (headers.get(SEGMENT_HEADER) ?? undefined) : undefined;
}

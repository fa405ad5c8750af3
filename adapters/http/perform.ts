import { MethodNotAllowedError, NotFoundError } from 'dossier';
import { principalOf, requireRole } from './authentication.js';
import type { TenantOperation } from './operation.js';
import type { Principal } from './principal.js';
import type { ProfileApiSettings } from './profile-api-options.js';
import { parseQuery } from './query.js';
import { parseJsonObject, readBody, requireJson } from './request-body.js';
import type { OpenLogEntry } from './request-log.js';
import { methodsOf, operationFor, type Resource } from './resource.js';
import { SEGMENT_HEADER } from './segment.js';
import { requireTenant, requireTenantOf, tenantOf } from './tenant.js';

/** A request with the resource that its path names. */
export interface RoutedRequest {
  readonly request: Request;
  /** Absent for an unknown URI. */
  readonly resource: Resource | undefined;
  readonly pathParameter: (name: string) => string;
}

/**
 * Carries out a request, or throws the first thing that stands in its way. The order is that of the interface: 401, 404
 * and 405 for the URI, 415, 413, 400 for syntax; what depends on stored data comes after, from the services.
 */
export async function perform(
  routed: RoutedRequest,
  settings: ProfileApiSettings,
  entry: OpenLogEntry,
): Promise<Response> {
  const { request, resource } = routed;
  const operation = resource && operationFor(resource, request.method);
  if (operation?.access === 'public') return operation.run(settings);

  const tenantId = tenantOf(request.headers, settings.defaultTenant);
  entry.tenantId = tenantId;
  const principal = await principalOf(request, settings.authenticate);
  entry.caller = settings.authenticate && principal.name;
  if (tenantId !== undefined) requireTenantOf(principal, tenantId);
  if (operation) requireRole(principal, operation.access);

  if (!resource) throw new NotFoundError('There is no such URI.');
  if (!operation) throw new MethodNotAllowedError(methodsOf(resource));

  const bytes = await bodyOf(request, operation, settings.maxBodyBytes);
  requireTenant(tenantId);
  const url = new URL(request.url);
  return operation.run({
    profiles: settings.profiles,
    schemas: settings.schemas,
    tenantId,
    pathParameter: routed.pathParameter,
    query: parseQuery(url.searchParams, operation.query ?? []),
    headers: request.headers,
    body: bytes === undefined ? {} : parseJsonObject(bytes),
    context: { segment: segmentOf(request, principal) },
    path: url.pathname,
  });
}

async function bodyOf(request: Request, { body }: TenantOperation, limit: number): Promise<Uint8Array | undefined> {
  if (body === undefined) return undefined;
  requireJson(request.headers);
  return readBody(request, limit);
}

function segmentOf({ headers }: Request, { maySetSegment }: Principal): string | undefined {
  return maySetSegment ? (headers.get(SEGMENT_HEADER) ?? undefined) : undefined;
}

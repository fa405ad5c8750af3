import { MethodNotAllowedError, NotFoundError, type Schema } from 'dossier';
import type { Context } from 'hono';
import { attributionOf } from './attribution.js';
import { principalOf, requireRole } from './authentication.js';
import { type BodyLimits, JSON_TYPES, parseJsonObject, readJsonBody } from './json-body.js';
import { withoutMergedInto } from './merged-away.js';
import type { Call, TenantOperation } from './operation.js';
import { isDryRun } from './operations/dry-run.js';
import type { ProfileApiSettings } from './options.js';
import { ROLES, type Role } from './principal.js';
import { parseQuery, parseRepeatable } from './query.js';
import type { MutableLogEntry } from './request-log-entry.js';
import { methodsOf, operationFor, type Resource } from './resource.js';
import { segmentOf } from './segment.js';
import { changesProfiles } from './server-mode.js';
import { NO_BODY, openBody } from './streamed-body.js';
import { requireAllTenants, requireTenant, requireTenantAccess, tenantOf } from './tenant.js';

/** A request with the resource that its path matches. */
export interface RoutedRequest {
  readonly context: Context;
  /** Absent if no route matches. */
  readonly resource: Resource | undefined;
}

/**
 * Runs the operation of a request, or throws the first error. The checks come in the documented order: 401, 404 and 405
 * for the URI, 415, 413, 400 for syntax. The services do the checks that depend on stored data.
 */
export async function dispatch(
  { context, resource }: RoutedRequest,
  settings: ProfileApiSettings,
  entry: MutableLogEntry,
): Promise<Response> {
  const request = context.req.raw;
  const operation = resource && operationFor(resource, request.method);
  const path = pathOf(request);
  const { profiles, schemas, serverMode } = settings;
  if (operation?.access === 'public') {
    const { authenticate, challenge, defaultTenant } = settings;
    const { headers } = request;
    const readableSchema = () => schemaReadableBy(context, settings);
    const access = { defaultTenant, challenge: authenticate && challenge, readableSchema };
    return operation.run({ profiles, schemas, serverMode, path, headers, ...access });
  }

  const tenantId = tenantOf(request.headers, settings.defaultTenant);
  entry.tenantId = tenantId;
  const principal = await principalOf(context, settings.authenticate);
  // Nobody waits for the answer of a client that has left.
  request.signal.throwIfAborted();
  const authenticated = settings.authenticate && principal;
  entry.caller = authenticated?.name;
  if (tenantId !== undefined) requireTenantAccess(principal, tenantId);
  if (operation) requireRole(principal, roleFor(operation, request));
  if (operation?.allTenants) requireAllTenants(principal);

  if (!resource) throw new NotFoundError('There is no such URI.');
  if (!operation) throw new MethodNotAllowedError(methodsOf(resource));

  const { maxBodyBytes, maxImportBytes, maxObjectMembers, maxPageBytes, bodyPace: pace } = settings;
  const bytes = await bodyOf(request, operation, { limit: maxBodyBytes, pace });
  const stream = operation.streams ? openBody(request, operation.streams, { limit: maxImportBytes, pace }) : NO_BODY;
  requireTenant(tenantId);
  const queries = queryOf(request, operation);
  const json = bytes === undefined ? {} : parseJsonObject(bytes, maxObjectMembers);
  if (changesProfiles(operation) && !isDryRun(queries)) await serverMode.requireProduction();
  const isAdministrator = principal.role === 'administrator';
  const answer = operation.run({
    profiles,
    schemas,
    serverMode,
    tenantId,
    pathParameter: (name) => context.req.param(name) ?? '',
    ...queries,
    headers: request.headers,
    body: json,
    stream,
    context: { segment: segmentOf(request.headers, principal), ...attributionOf(request.headers, authenticated) },
    signal: request.signal,
    closing: settings.closing,
    maxObjectMembers,
    maxPageBytes,
    maySetSegment: principal.maySetSegment ?? false,
    isAdministrator,
    path,
  });
  if (isAdministrator) return answer;
  return answer.catch((error: unknown) => {
    throw withoutMergedInto(error);
  });
}

/** For public operations, which need no credentials, but may show more with them. */
async function schemaReadableBy(
  context: Context,
  { authenticate, defaultTenant, schemas }: ProfileApiSettings,
): Promise<Schema | undefined> {
  const tenantId = tenantOf(context.req.raw.headers, defaultTenant);
  if (tenantId === undefined) return undefined;
  try {
    requireTenantAccess(await principalOf(context, authenticate), tenantId);
    return await schemas.get(tenantId);
  } catch {
    return undefined;
  }
}

async function bodyOf(
  request: Request,
  { body }: TenantOperation,
  limits: BodyLimits,
): Promise<Uint8Array | undefined> {
  if (body === undefined) return undefined;
  const { optional = false, mediaTypes = JSON_TYPES } = body;
  const bytes = await readJsonBody(request, limits, { optional, mediaTypes });
  return optional && bytes.byteLength === 0 ? undefined : bytes;
}

/** The lowest role that may call an operation with the query parameters of the request. */
function roleFor({ access, query = [] }: TenantOperation, { url }: Request): Role {
  const { searchParams } = new URL(url);
  const needed = query.flatMap(({ name, role }) => (role !== undefined && searchParams.has(name) ? role : []));
  return [access, ...needed].reduce((one, other) => (ROLES.indexOf(other) > ROLES.indexOf(one) ? other : one));
}

function queryOf(
  { url }: Request,
  { query = [], criteria = false }: TenantOperation,
): Pick<Call, 'query' | 'repeated'> {
  const { search } = new URL(url);
  const namesOf = (repeatable: boolean) =>
    query.filter((parameter) => (parameter.repeatable ?? false) === repeatable).map(({ name }) => name);
  return {
    query: parseQuery(search, criteria ? 'all' : namesOf(false)),
    repeated: parseRepeatable(search, namesOf(true)),
  };
}

/** The path without a trailing slash, so that operations can append to it. */
function pathOf({ url }: Request): string {
  return new URL(url).pathname.replace(/\/$/, '');
}

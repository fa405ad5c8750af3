import { setImmediate } from 'node:timers/promises';
import { MethodNotAllowedError, NotFoundError, type Schema } from 'dossier';
import type { Context } from 'hono';
import {
  principalOf,
  ROLES,
  type Role,
  requireAllTenants,
  requireRole,
  requireTenant,
  requireTenantAccess,
  tenantOf,
} from './access.js';
import { changeContextOf } from './change-context.js';
import { withoutMergedInto } from './merged-away.js';
import type { TenantOperation } from './operation.js';
import { readingParameters } from './operations/index.js';
import type { ProfileApiSettings } from './options.js';
import { DRY_RUN, isYes, parseQuery } from './query.js';
import { NO_BODY, openBody, parseJsonObject, readJsonBody } from './request-body.js';
import type { MutableLogEntry } from './request-log-entry.js';
import { methodsOf, operationFor, type Resource } from './resource.js';
import { changesProfiles } from './server-mode.js';

/** In bytes. */
const LARGE_BODY = 65_536;

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
  const url = new URL(request.url);
  // Operations append to it.
  const path = url.pathname.replace(/\/$/, '');
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
  if (operation) requireRole(principal, roleFor(operation, url.searchParams));
  if (operation?.allTenants) requireAllTenants(principal);

  if (!resource) throw new NotFoundError('There is no such URI.');
  if (!operation) throw new MethodNotAllowedError(methodsOf(resource));

  const { maxBodyBytes, maxImportBytes, maxObjectMembers, maxPageBytes, bodyPace: pace } = settings;
  const bytes = operation.body && (await readJsonBody(request, { limit: maxBodyBytes, pace }, operation.body));
  const stream = operation.streams ? openBody(request, operation.streams, { limit: maxImportBytes, pace }) : NO_BODY;
  requireTenant(tenantId);
  const others = operation.criteria ? 'criteria' : operation.method === 'GET' ? 'ignored' : readingParameters;
  const { query, repeated } = parseQuery(url, operation.query ?? [], others);
  const body = bytes === undefined ? {} : parseJsonObject(bytes, maxObjectMembers);
  // Parsing a large body takes milliseconds, and so does what comes next.
  if (bytes !== undefined && bytes.length > LARGE_BODY) await setImmediate();
  if (changesProfiles(operation) && !isYes(query, DRY_RUN.name)) await serverMode.requireProduction();
  const isAdministrator = principal.role === 'administrator';
  const answer = operation.run({
    profiles,
    schemas,
    serverMode,
    tenantId,
    pathParameter: (name) => context.req.param(name) ?? '',
    query,
    repeated,
    headers: request.headers,
    body,
    stream,
    context: changeContextOf(request.headers, authenticated),
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

/** The lowest role that may call an operation with the query parameters of the request. */
function roleFor({ access, query = [] }: TenantOperation, given: URLSearchParams): Role {
  let needed = access;
  for (const { name, role = access } of query) {
    if (given.has(name) && ROLES.indexOf(role) > ROLES.indexOf(needed)) needed = role;
  }
  return needed;
}

import type { ChangeContext, Schema } from 'dossier';
import type { Role } from './access.js';
import type { BodyDescription, OperationDescription, QueryParameter } from './openapi/operation-description.js';
import type { Query, RepeatedQuery } from './query.js';
import type { JsonObject, StreamedBody } from './request-body.js';
import type { ServerModeCache } from './server-mode.js';
import type { Services } from './services.js';

/** A request to a public operation. */
export interface PublicCall extends Services {
  readonly serverMode: ServerModeCache;
  /** The request path, as in {@link Call}. */
  readonly path: string;
  readonly headers: Headers;
  /** The tenant of requests without `X-Genesys-TenantId`; absent if the header is required. */
  readonly defaultTenant: string | undefined;
  /** The `WWW-Authenticate` of a 401; absent if the host does not authenticate. */
  readonly challenge: string | undefined;
  /** The schema of the request's tenant; `undefined` if there is none, or if the caller may not read it. */
  readonly readableSchema: () => Promise<Schema | undefined>;
}

/** A request to an operation of a tenant, after all checks that do not depend on stored data. */
export interface Call extends Services {
  readonly serverMode: ServerModeCache;
  readonly tenantId: string;
  /** Returns a path parameter, percent-decoded. */
  readonly pathParameter: (name: string) => string;
  readonly query: Query;
  /** The query parameters that may repeat. */
  readonly repeated: RepeatedQuery;
  readonly headers: Headers;
  /** Empty if the operation has no JSON body, or if an optional body is missing. */
  readonly body: JsonObject;
  /** Empty if the operation has no streamed body. */
  readonly stream: StreamedBody;
  /** The segment, if the request sets one and the caller may (W1), and who makes its changes and why (W13). */
  readonly context: ChangeContext;
  /** Aborted when the client has left. */
  readonly signal: AbortSignal;
  /** Aborted when the server is about to stop; absent if the host does not tell. */
  readonly closing: AbortSignal | undefined;
  /** Whether the caller may set segments. */
  readonly maySetSegment: boolean;
  /** Whether the caller may know of what was deleted, and of actors and reasons (W13). */
  readonly isAdministrator: boolean;
  /** The most members of one object of a JSON body or row. */
  readonly maxObjectMembers: number;
  /** The most that the profiles of one page may take, in bytes. */
  readonly maxPageBytes: number;
  /** The request path: percent-encoded, with the prefix where the API is mounted, without a trailing slash. */
  readonly path: string;
}

/** The implementation and description of an operation that needs neither a tenant nor credentials. */
export interface PublicHandler extends OperationDescription {
  readonly run: (call: PublicCall) => Promise<Response>;
}

/** The implementation and description of an operation of a tenant. */
export interface TenantHandler extends OperationDescription {
  /** The query parameters, each of which may appear only once unless it is repeatable. */
  readonly query?: readonly QueryParameter[];
  /** Whether all other query parameters are search criteria, named by the tenant's schema. */
  readonly criteria?: boolean;
  /** Whether it concerns all tenants, so that callers that are bound to tenants may not call it (R17). */
  readonly allTenants?: boolean;
  /** The JSON body. */
  readonly body?: BodyDescription;
  /** The media types of a streamed body, which replaces the JSON body. */
  readonly streams?: readonly string[];
  readonly run: (call: Call) => Promise<Response>;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base path, with parameters in braces. */
  readonly path: string;
}

/** A public resource that the OpenAPI document does not list, such as the documentation page. */
export interface Page extends Route {
  readonly access: 'public';
  readonly run: (call: PublicCall) => Promise<Response>;
}

export interface PublicOperation extends Route, PublicHandler {
  readonly access: 'public';
}

export interface TenantOperation extends Route, TenantHandler {
  /** The lowest role that may call it. */
  readonly access: Role;
}

export type Operation = PublicOperation | TenantOperation;

/** What a method of a path routes to. */
export type Endpoint = Operation | Page;

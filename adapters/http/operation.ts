import type { ChangeContext } from 'dossier';
import type { BodyDescription, OperationDescription, QueryParameter } from './description/operation-description.js';
import type { Role } from './principal.js';
import type { Query } from './query.js';
import type { JsonObject } from './request-body.js';
import type { Services } from './services.js';
import type { StreamedBody } from './streamed-body.js';

/** One request for what is open to everyone. */
export interface PublicCall extends Services {
  /** The path by which the request came, as in {@link Call}. */
  readonly path: string;
  readonly headers: Headers;
  /** The tenant of requests that name none; absent where each must name its own. */
  readonly defaultTenant: string | undefined;
  /** The `WWW-Authenticate` of a 401; absent where the host does not authenticate. */
  readonly challenge: string | undefined;
}

/** One request for an operation on what a tenant has, after all checks that do not depend on what is stored. */
export interface Call extends Services {
  readonly tenantId: string;
  /** A parameter of the path, percent-decoded. */
  readonly pathParameter: (name: string) => string;
  readonly query: Query;
  readonly headers: Headers;
  /** Empty where the operation takes no body, and where the body is optional and none came. */
  readonly body: JsonObject;
  /** Empty where the operation takes no body of that kind. */
  readonly stream: StreamedBody;
  /** The segment, where one is given and the caller may set it (W1). */
  readonly context: ChangeContext;
  /** Whether the caller is trusted with segments. */
  readonly maySetSegment: boolean;
  /**
   * The path by which the request came, percent-encoded, with any prefix under which the interface is mounted, and
   * without a slash at the end.
   */
  readonly path: string;
}

/** What an operation does that needs neither a tenant nor credentials, with its description. */
export interface PublicHandler extends OperationDescription {
  readonly run: (call: PublicCall) => Promise<Response>;
}

/** What an operation does on what a tenant has, with its description. */
export interface TenantHandler extends OperationDescription {
  /** The query parameters that it takes, each at most once. */
  readonly query?: readonly QueryParameter[];
  /** Whether all other query parameters are criteria, named by what a schema declares. */
  readonly criteria?: boolean;
  /** The JSON object that it reads. */
  readonly body?: BodyDescription;
  /** The media types of a body that it reads as it comes, in the place of a JSON object. */
  readonly streams?: readonly string[];
  readonly run: (call: Call) => Promise<Response>;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path, with parameters in braces. */
  readonly path: string;
}

/** What is open to everyone and no part of the description, such as the page that shows it. */
export interface Page extends Route {
  readonly access: 'public';
  readonly run: (call: PublicCall) => Promise<Response>;
}

export interface PublicOperation extends Route, PublicHandler {
  readonly access: 'public';
}

export interface TenantOperation extends Route, TenantHandler {
  /** The role that a caller needs at least. */
  readonly access: Role;
}

export type Operation = PublicOperation | TenantOperation;

/** What a method of a path leads to. */
export type Endpoint = Operation | Page;

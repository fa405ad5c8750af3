import type { ChangeContext, ProfileService, SchemaService } from 'dossier';
import type { Role } from './principal.js';
import type { Query } from './query.js';
import type { JsonObject } from './request-body.js';

/** The services that operations call. */
export interface Services {
  readonly profiles: Pick<ProfileService, 'create' | 'get' | 'replace' | 'delete' | 'ping'>;
  readonly schemas: Pick<SchemaService, 'get' | 'defineAttributes' | 'addExtension' | 'removeExtension'>;
}

/** One request for an operation, after all checks that do not depend on what is stored. */
export interface Call extends Services {
  readonly tenantId: string;
  /** A parameter of the path, percent-decoded. */
  readonly pathParameter: (name: string) => string;
  readonly query: Query;
  readonly headers: Headers;
  /** Empty where the operation takes no body. */
  readonly body: JsonObject;
  /** The segment, where one is given and the caller may set it (W1). */
  readonly context: ChangeContext;
  /** The path by which the request came, percent-encoded, with any prefix under which the interface is mounted. */
  readonly path: string;
}

interface OperationBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path, with parameters in braces. */
  readonly path: string;
}

/** An operation that needs neither a tenant nor credentials. */
export interface PublicOperation extends OperationBase {
  readonly access: 'public';
  readonly run: (services: Services) => Promise<Response>;
}

/** An operation on what a tenant has. */
export interface TenantOperation extends OperationBase {
  /** The role that a caller needs at least. */
  readonly access: Role;
  /** The query parameters that it takes, each at most once. */
  readonly query?: readonly string[];
  /** What it reads as its body. */
  readonly body?: 'application/json';
  readonly run: (call: Call) => Promise<Response>;
}

export type Operation = PublicOperation | TenantOperation;

import type { Role } from '../access.js';
import type { Examples } from './examples.js';
import type { RequestHeader, ResponseHeader } from './headers.js';
import type { JsonSchema } from './json-schema.js';

/** The description of an operation, except its path, method and role. */
export interface OperationDescription {
  /** The unique `operationId`, which generated clients use as the method name. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The request headers that it uses, except the tenant's. */
  readonly headers?: readonly RequestHeader[];
  /** The successful responses, by status. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  /** The error codes, except those that every operation with the same kind of access and body has. */
  readonly errors: readonly string[];
}

export interface ResponseDescription {
  readonly description: string;
  /** Absent if there is no body. */
  readonly schema?: JsonSchema;
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** What is streamed to those who accept `text/event-stream`; absent if nothing is. */
  readonly stream?: string;
  readonly headers?: readonly ResponseHeader[];
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  /** The allowed values, if the set is fixed. */
  readonly choices?: readonly string[];
  /** The schema of other values. Default: any string. */
  readonly schema?: JsonSchema;
  /** The lowest role that may use it. Default: that of the operation. */
  readonly role?: Role;
  /** Whether it may appear several times. Default false. */
  readonly repeatable?: boolean;
}

export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

export interface BodyDescription {
  readonly schema: JsonSchema;
  /** Default `application/json` alone. */
  readonly mediaTypes?: readonly string[];
  /** Example bodies by name; Swagger UI shows the first. */
  readonly examples?: (examples: Examples) => Readonly<Record<string, BodyExample>>;
  /** Whether the body may be missing. Default false. */
  readonly optional?: boolean;
}

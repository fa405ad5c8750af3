import type { AnswerHeader, RequestHeader } from './headers.js';
import type { JsonSchema } from './json-schema.js';

/** What is told of an operation, beside what its path, its method and the role that it needs tell. */
export interface OperationDescription {
  /** Unique among all operations: generated clients name their methods by it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The request headers that it heeds, beside the tenant's. */
  readonly headers?: readonly RequestHeader[];
  /** Its successes, by status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** The codes of its errors, beside those that every operation with its kind of access and body can have. */
  readonly errors: readonly string[];
}

export interface AnswerDescription {
  readonly description: string;
  /** Absent where there is no body. */
  readonly schema?: JsonSchema;
  /** Default `application/json`. */
  readonly mediaType?: string;
  readonly headers?: readonly AnswerHeader[];
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  /** The values that it may have, where they are a few. */
  readonly choices?: readonly string[];
  /** What other values it may have. Default any string. */
  readonly schema?: JsonSchema;
}

export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

export interface BodyDescription {
  readonly schema: JsonSchema;
  /** Bodies to start from, by a name; the first is the one that readers are offered. */
  readonly examples?: Readonly<Record<string, BodyExample>>;
  /** Whether a request may come without one. */
  readonly optional?: boolean;
}

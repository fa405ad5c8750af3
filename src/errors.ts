import { type Violation, violationSummary } from './model/violation.js';

const BRAND = Symbol.for('dossier/error');

/** What every error has in common. Its brand is known across copies of the package. */
abstract class BaseError extends Error {
  /** Stable, one per class: compare it rather than the class or the message. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** A customer id or the name of a definition is taken (HTTP 409). */
export class AlreadyExistsError extends BaseError {
  override readonly name = 'AlreadyExistsError';
  readonly code = 'already_exists';
}

/** Another profile of the tenant has an entry of a unique identification key (R19, HTTP 409). */
export class IdentityTakenError extends BaseError {
  override readonly name = 'IdentityTakenError';
  readonly code = 'identity_taken';

  /** The name of the key. */
  readonly key: string;

  constructor(key: string) {
    super(`Another profile has the same values for the unique identification key ${key}.`);
    this.key = key;
  }
}

/** An option that the host passed is not valid; each violation points to the option by its name. */
export class InvalidOptionsError extends BaseError {
  override readonly name = 'InvalidOptionsError';
  readonly code = 'invalid_options';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The configuration', violations));
    this.violations = violations;
  }
}

/** A representation breaks rules R1 to R11 (HTTP 400). Nothing was changed. */
export class InvalidProfileError extends BaseError {
  override readonly name = 'InvalidProfileError';
  readonly code = 'invalid_profile';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The representation', violations));
    this.violations = violations;
  }
}

/** A definition contradicts itself, or is no definition (HTTP 400). Nothing was changed. */
export class InvalidSchemaError extends BaseError {
  override readonly name = 'InvalidSchemaError';
  readonly code = 'invalid_schema';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The schema', violations));
    this.violations = violations;
  }
}

/** What was sent is not a request at all: not JSON, a repeated member, a bad header, parameter or argument (HTTP 400). */
export class MalformedRequestError extends BaseError {
  override readonly name = 'MalformedRequestError';
  readonly code = 'malformed_request';
}

/** Records of both profiles contradict each other, and the merge was not forced (W11, HTTP 409). */
export class MergeConflictError extends BaseError {
  override readonly name = 'MergeConflictError';
  readonly code = 'merge_conflict';

  /** The names of the extensions in which they do. */
  readonly extensions: readonly string[];

  constructor(extensions: readonly string[]) {
    super(
      `Records of both profiles contradict each other in ${extensions.join(', ')}. Force the merge to take the source's.`,
    );
    this.extensions = extensions;
  }
}

/** The URI exists, but not for this method (HTTP 405). */
export class MethodNotAllowedError extends BaseError {
  override readonly name = 'MethodNotAllowedError';
  readonly code = 'method_not_allowed';

  /** The methods that the URI does have. */
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(`This URI answers ${allowed.join(', ')} only.`);
    this.allowed = allowed;
  }
}

/** The caller is known, but may not do this (HTTP 401, as UCS answered). */
export class NotAllowedError extends BaseError {
  override readonly name = 'NotAllowedError';
  readonly code = 'not_allowed';
}

/** No such profile, record, extension, key, schema or URI (HTTP 404). */
export class NotFoundError extends BaseError {
  override readonly name = 'NotFoundError';
  readonly code = 'not_found';
}

/** The repository cannot do what was asked, such as joining a transaction of the host (HTTP 501). */
export class NotSupportedError extends BaseError {
  override readonly name = 'NotSupportedError';
  readonly code = 'not_supported';
}

/** The host requires an expected revision with every change, and none was given (HTTP 428, RFC 6585 §3). */
export class PreconditionRequiredError extends BaseError {
  override readonly name = 'PreconditionRequiredError';
  readonly code = 'precondition_required';
}

/** The profile, or the schema, no longer has the expected revision (R14, HTTP 412). Read it again and decide anew. */
export class RevisionConflictError extends BaseError {
  override readonly name = 'RevisionConflictError';
  readonly code = 'revision_conflict';

  /** The revision, or schema version, that it has now. */
  readonly currentRevision: number;

  /** @param message says more of what was expected than that it is no longer current */
  constructor(
    currentRevision: number,
    message = `The expected revision is no longer current; it is now ${currentRevision}. Read again, and decide by what you find.`,
  ) {
    super(message);
    this.currentRevision = currentRevision;
  }
}

/** Data stands in the way of a schema change: it would strand something, or break a promise (W8, R21, HTTP 409). */
export class SchemaInUseError extends BaseError {
  override readonly name = 'SchemaInUseError';
  readonly code = 'schema_in_use';

  /** For a unique key over data that collides: how many entries could not be made, since another profile has them. */
  readonly collisions: number | undefined;

  constructor(message: string, { collisions }: { readonly collisions?: number } = {}) {
    super(message);
    this.collisions = collisions;
  }
}

/** A request body did not arrive in the time that the host allows (HTTP 408). */
export class RequestTimeoutError extends BaseError {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'request_timeout';
}

/** The tenant has no schema yet, so nothing can be stored for it (R15, HTTP 403). */
export class SchemaNotDefinedError extends BaseError {
  override readonly name = 'SchemaNotDefinedError';
  readonly code = 'schema_not_defined';

  constructor() {
    super('The tenant has no schema. Define one first: schemas.define(…), or PUT /metadata/profiles.');
  }
}

/**
 * The storage cannot be reached, or gave up after retries (HTTP 503). `outcomeUnknown` tells whether a change may have
 * taken place all the same: when it is false, it did not.
 */
export class StorageUnavailableError extends BaseError {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'storage_unavailable';

  readonly outcomeUnknown: boolean;

  constructor(message: string, options: ErrorOptions & { outcomeUnknown?: boolean } = {}) {
    super(message, options);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** A request body or a profile is over the configured limit (HTTP 413). */
export class TooLargeError extends BaseError {
  override readonly name = 'TooLargeError';
  readonly code = 'too_large';

  /** The limit, in bytes. */
  readonly limit: number;

  constructor(what: string, limit: number) {
    super(`${what} is over the limit of ${limit} bytes.`);
    this.limit = limit;
  }
}

/** More requests wait for the same work than the host allows (HTTP 429, RFC 6585 §4). Nothing was changed. */
export class TooManyRequestsError extends BaseError {
  override readonly name = 'TooManyRequestsError';
  readonly code = 'too_many_requests';

  /** When to try again, in seconds from now. */
  readonly retryAfter: number;

  constructor(message: string, { retryAfter }: { readonly retryAfter: number }) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** Credentials are missing or wrong (HTTP 401). */
export class UnauthenticatedError extends BaseError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'unauthenticated';
}

/** The body is in a format that this operation does not read (HTTP 415). */
export class UnsupportedMediaTypeError extends BaseError {
  override readonly name = 'UnsupportedMediaTypeError';
  readonly code = 'unsupported_media_type';
}

/** Every error that Dossier throws. Compare `code` to get the members of one of them. */
export type DossierError =
  | AlreadyExistsError
  | IdentityTakenError
  | InvalidOptionsError
  | InvalidProfileError
  | InvalidSchemaError
  | MalformedRequestError
  | MergeConflictError
  | MethodNotAllowedError
  | NotAllowedError
  | NotFoundError
  | NotSupportedError
  | PreconditionRequiredError
  | RequestTimeoutError
  | RevisionConflictError
  | SchemaInUseError
  | SchemaNotDefinedError
  | StorageUnavailableError
  | TooLargeError
  | TooManyRequestsError
  | UnauthenticatedError
  | UnsupportedMediaTypeError;

/**
 * The codes of the errors. The set is open: a later version may add one, so treat a code that you do not know as a failure
 * like any other. Codes do not change; messages may.
 */
export type ErrorCode = DossierError['code'] | (string & {});

/**
 * Whether a caught value is an error of Dossier, also when another copy of the package threw it.
 *
 * ```ts
 * try {
 *   await profiles.replace('1', customerId, { attributes });
 * } catch (error) {
 *   if (isDossierError(error) && error.code === 'invalid_profile') console.warn(error.violations);
 *   else throw error;
 * }
 * ```
 */
export function isDossierError(value: unknown): value is DossierError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

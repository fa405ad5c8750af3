import type { Attributes, Extensions } from './model/profile.js';
import type { SchemaReport } from './model/schema-report.js';
import { type Violation, violationSummary } from './model/violation.js';

const BRAND = Symbol.for('dossier/error');

/** The base of all errors. The brand, a registered symbol, is the same in every copy of the package. */
abstract class BaseError extends Error {
  /** Stable across versions, and one per class. Compare this, not the class or the message. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** The customer id, or the name of the definition, is taken (HTTP 409). */
export class AlreadyExistsError extends BaseError {
  override readonly name = 'AlreadyExistsError';
  readonly code = 'already_exists';
}

/**
 * The customer id is erased (E2, HTTP 409): a profile under it must not come back by accident. Name the id of the erasure,
 * which stands in its receipt, as `afterErasure` if it is meant.
 */
export class ErasedError extends BaseError {
  override readonly name = 'ErasedError';
  readonly code = 'erased';

  constructor() {
    super(
      'The customer id is erased. Choose another one, or name the id of the erasure, which stands in its receipt, as `afterErasure` (over HTTP `after_erasure`).',
    );
  }
}

/** Another profile of the tenant has the same values for a unique identification key (R19, HTTP 409). */
export class IdentityTakenError extends BaseError {
  override readonly name = 'IdentityTakenError';
  readonly code = 'identity_taken';

  /** The name of the identification key. */
  readonly key: string;

  constructor(key: string) {
    super(`Another profile has the same values for the unique identification key ${key}.`);
    this.key = key;
  }
}

/**
 * Lines of the feed after the cursor are no longer kept (C3, HTTP 410). To catch up: keep `next`, walk all profiles, and go on
 * from `next`.
 */
export class CursorExpiredError extends BaseError {
  override readonly name = 'CursorExpiredError';
  readonly code = 'cursor_expired';

  /** The cursor of the newest line. */
  readonly next: string;

  constructor(next: string) {
    super('Lines after this cursor are no longer kept. Keep `next`, walk all profiles, and go on from `next`.');
    this.next = next;
  }
}

/** One or more options that the host passed are not valid. The pointer of each violation names the option. */
export class InvalidOptionsError extends BaseError {
  override readonly name = 'InvalidOptionsError';
  readonly code = 'invalid_options';

  /** All violations, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[], options?: ErrorOptions) {
    super(violationSummary('The configuration', violations), options);
    this.violations = violations;
  }
}

/** A representation or a record breaks a rule (R1 to R11, R18, W9, W10; HTTP 400). Nothing was changed. */
export class InvalidProfileError extends BaseError {
  override readonly name = 'InvalidProfileError';
  readonly code = 'invalid_profile';

  /** All violations, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The representation', violations));
    this.violations = violations;
  }
}

/** A definition has the wrong form or breaks a rule (HTTP 400). Nothing was changed. */
export class InvalidSchemaError extends BaseError {
  override readonly name = 'InvalidSchemaError';
  readonly code = 'invalid_schema';

  /** All violations, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The schema', violations));
    this.violations = violations;
  }
}

/** The server is in maintenance, so profiles are not changed over HTTP (W14, HTTP 503). Nothing was changed. */
export class MaintenanceError extends BaseError {
  override readonly name = 'MaintenanceError';
  readonly code = 'maintenance';

  constructor() {
    super('The server is in maintenance. Profiles can be read; repeat the change later.');
  }
}

/**
 * The call or request has the wrong form: invalid JSON, a repeated member, a bad header, parameter or argument (HTTP
 * 400).
 */
export class MalformedRequestError extends BaseError {
  override readonly name = 'MalformedRequestError';
  readonly code = 'malformed_request';
}

/**
 * Records of the two profiles conflict, and the merge was not forced (W11, HTTP 409); or a merge cannot be taken back, since
 * the destination has changed since, or the source's id is taken (H4). Nothing was changed.
 */
export class MergeConflictError extends BaseError {
  override readonly name = 'MergeConflictError';
  readonly code = 'merge_conflict';

  /** The names of the extensions that have conflicting records. */
  readonly extensions: readonly string[];

  /** Where a merge cannot be taken back: JSON pointers to what has changed since. Absent otherwise. */
  readonly pointers: readonly string[] | undefined;

  constructor(
    extensions: readonly string[],
    {
      pointers,
      message = `Records of the two profiles conflict in ${extensions.join(', ')}. Set \`force\` (over HTTP \`force_merge\`) to keep those of the source.`,
    }: { readonly pointers?: readonly string[]; readonly message?: string } = {},
  ) {
    super(message);
    this.extensions = extensions;
    this.pointers = pointers;
  }
}

/** The URI exists, but does not support this method (HTTP 405). */
export class MethodNotAllowedError extends BaseError {
  override readonly name = 'MethodNotAllowedError';
  readonly code = 'method_not_allowed';

  /** The methods that the URI supports. */
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(`This URI does not support the method. Use ${allowed.join(', ')}.`);
    this.allowed = allowed;
  }
}

/** The caller is authenticated, but lacks the permission (HTTP 401, for compatibility with UCS). */
export class NotAllowedError extends BaseError {
  override readonly name = 'NotAllowedError';
  readonly code = 'not_allowed';
}

/** The profile, record, extension, key, schema or URI does not exist (HTTP 404). */
export class NotFoundError extends BaseError {
  override readonly name = 'NotFoundError';
  readonly code = 'not_found';

  /** For a profile that was merged away, where history is kept: the customer id of the profile that took it over (H4). */
  readonly mergedInto: string | undefined;

  constructor(message: string, { mergedInto }: { readonly mergedInto?: string | undefined } = {}) {
    super(message);
    this.mergedInto = mergedInto;
  }
}

/** The repository lacks a capability, such as joining a transaction of the host (HTTP 501). */
export class NotSupportedError extends BaseError {
  override readonly name = 'NotSupportedError';
  readonly code = 'not_supported';
}

/** The host sets `requireExpectedRevision`, and the call names no revision (HTTP 428, RFC 6585 §3). */
export class PreconditionRequiredError extends BaseError {
  override readonly name = 'PreconditionRequiredError';
  readonly code = 'precondition_required';
}

/**
 * A foreign key of the host's own tables refuses the change, such as the deletion of a profile to which a row of the host
 * refers (HTTP 409). Nothing was changed.
 */
export class ReferencedError extends BaseError {
  override readonly name = 'ReferencedError';
  readonly code = 'referenced';

  /** The driver's code for it, such as `23503`. */
  readonly driverCode: string | undefined;

  constructor(options: ErrorOptions & { driverCode?: string | undefined } = {}) {
    super(
      'A foreign key of the application refuses the change. Remove or change the rows that refer to the profile first.',
      options,
    );
    this.driverCode = options.driverCode;
  }
}

/** A request body did not arrive in the time that the host allows (HTTP 408). */
export class RequestTimeoutError extends BaseError {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'request_timeout';
}

/**
 * A replacement would clear protected members by leaving them out (L2, HTTP 409). Nothing was changed. Give `null` or `[]`
 * for a member that is meant to be cleared, or name it in `allowLoss`.
 */
export class LossNotAllowedError extends BaseError {
  override readonly name = 'LossNotAllowedError';
  readonly code = 'loss_not_allowed';

  /** JSON pointers to these members, such as `/DOB`. */
  readonly pointers: readonly string[];

  constructor(pointers: readonly string[]) {
    super(
      `The change would clear protected members by leaving them out: ${pointers.join(', ')}. Send their values, or null or [] for those to clear, or name them in \`allowLoss\`.`,
    );
    this.pointers = pointers;
  }
}

/** The profile, or the schema, no longer has the expected revision (R14, HTTP 412). Read it again, then retry. */
export class RevisionConflictError extends BaseError {
  override readonly name = 'RevisionConflictError';
  readonly code = 'revision_conflict';

  /** The current revision of the profile, or version of the schema. */
  readonly currentRevision: number;

  /**
   * What others have changed since the state that the call expects (L3): JSON pointers to members of the flat profile.
   * Absent where that state is not known.
   */
  readonly changed: readonly string[] | undefined;

  /** Those of `changed` that the refused change touches as well. Absent for what concerns the profile as a whole, such as its deletion. */
  readonly conflicting: readonly string[] | undefined;

  readonly #states: (() => ConflictingStates | undefined) | undefined;

  /** @param message for what is more than a revision that has changed */
  constructor(
    currentRevision: number,
    message = `The expected revision is not the current one, which is ${currentRevision}. Read again, then repeat the change.`,
    conflict: ConflictDetails = {},
  ) {
    super(message);
    this.currentRevision = currentRevision;
    this.changed = conflict.changed;
    this.conflicting = conflict.conflicting;
    this.#states = conflict.states;
  }

  /**
   * The values behind `changed`: the state that the call expects, and the current one. They are personal data, so no log
   * shows them. Copies, which are made with each call. `undefined` where that state is not known.
   */
  states(): ConflictingStates | undefined {
    return this.#states?.();
  }
}

/** The two states of a conflict, with all that the schema knows of them. */
export interface ConflictingStates {
  readonly expected: ConflictingState;
  readonly current: ConflictingState;
}

/** A state of a profile in a conflict. */
export interface ConflictingState {
  readonly revision: number;
  readonly attributes: Attributes;
  readonly extensions: Extensions;
  readonly segment?: string;
}

/** What is known of a conflict. */
export interface ConflictDetails {
  readonly changed?: readonly string[] | undefined;
  readonly conflicting?: readonly string[] | undefined;
  /** Makes the two states, which may be large, when they are asked for. */
  readonly states?: (() => ConflictingStates | undefined) | undefined;
}

/**
 * Stored data or an identification key conflicts with a schema change (W8, R21, HTTP 409). No definition was changed.
 */
export class SchemaInUseError extends BaseError {
  override readonly name = 'SchemaInUseError';
  readonly code = 'schema_in_use';

  /**
   * For a unique key over data that collides: how many entries could not be made, since another profile has them. For
   * `unique` of an extension: how many records agree with another one of their profile.
   */
  readonly collisions: number | undefined;

  /** For a change with `checked`: what it would meet in the stored profiles (S2). */
  readonly report: SchemaReport | undefined;

  constructor(message: string, { collisions, report }: SchemaConflict = {}) {
    super(message);
    this.collisions = collisions;
    this.report = report;
  }
}

/** What is known of the conflict of a schema change. */
export interface SchemaConflict {
  readonly collisions?: number | undefined;
  readonly report?: SchemaReport | undefined;
}

/** The tenant has no schema, so no profile can be stored (R15, HTTP 403). */
export class SchemaNotDefinedError extends BaseError {
  override readonly name = 'SchemaNotDefinedError';
  readonly code = 'schema_not_defined';

  constructor() {
    super('The tenant has no schema. Define one first: schemas.define(…), or PUT /metadata/profiles.');
  }
}

/** The storage cannot be reached, or a change failed after all retries (HTTP 503). */
export class StorageUnavailableError extends BaseError {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'storage_unavailable';

  /** Whether the change may have taken effect despite the error. If false, it did not. */
  readonly outcomeUnknown: boolean;

  /**
   * The code by which the driver or the database tells what is wrong, such as `53300`, `ECONNREFUSED` or `SQLITE_FULL`. It
   * holds no personal data. Absent where no driver failed.
   */
  readonly driverCode: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & { outcomeUnknown?: boolean; driverCode?: string | undefined } = {},
  ) {
    super(message, options);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.driverCode = options.driverCode;
  }
}

/** A request body, or a profile, exceeds the configured limit (HTTP 413). */
export class TooLargeError extends BaseError {
  override readonly name = 'TooLargeError';
  readonly code = 'too_large';

  /** The limit, in bytes. */
  readonly limit: number;

  constructor(what: string, limit: number) {
    super(`${what} exceeds the limit of ${limit} bytes.`);
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

/** The media type of the body is not supported by this operation (HTTP 415). */
export class UnsupportedMediaTypeError extends BaseError {
  override readonly name = 'UnsupportedMediaTypeError';
  readonly code = 'unsupported_media_type';
}

/** The union of all errors that Dossier throws. Comparing `code` narrows to one class and its members. */
export type DossierError =
  | AlreadyExistsError
  | CursorExpiredError
  | ErasedError
  | IdentityTakenError
  | InvalidOptionsError
  | InvalidProfileError
  | InvalidSchemaError
  | LossNotAllowedError
  | MaintenanceError
  | MalformedRequestError
  | MergeConflictError
  | MethodNotAllowedError
  | NotAllowedError
  | NotFoundError
  | NotSupportedError
  | PreconditionRequiredError
  | ReferencedError
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
 * The error codes. A later version may add codes, so treat an unknown code as a generic failure. Codes never change;
 * messages may.
 */
export type ErrorCode = DossierError['code'] | (string & {});

/**
 * Whether a caught value is an error of Dossier, including one thrown by another copy of the package. Narrows to
 * {@link DossierError}.
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

import {
  type CursorExpiredError,
  type DossierError,
  type IdentityTakenError,
  type InvalidProfileError,
  isDossierError,
  type LossNotAllowedError,
  type MergeConflictError,
  type MethodNotAllowedError,
  type NotFoundError,
  type RevisionConflictError,
  type SchemaInUseError,
  type StorageUnavailableError,
  type TooLargeError,
  type TooManyRequestsError,
} from 'dossier';
import { entityTag } from './entity-tags.js';
import { wireReport } from './wire-report.js';

interface ProblemType {
  readonly status: number;
  readonly title: string;
}

const PROBLEM_TYPES: ReadonlyMap<string, ProblemType> = new Map([
  ['malformed_request', { status: 400, title: 'Malformed request' }],
  ['invalid_profile', { status: 400, title: 'Invalid profile' }],
  ['invalid_schema', { status: 400, title: 'Invalid schema' }],
  ['unauthenticated', { status: 401, title: 'Unauthenticated' }],
  ['not_allowed', { status: 401, title: 'Not allowed' }],
  ['schema_not_defined', { status: 403, title: 'Schema not defined' }],
  ['not_found', { status: 404, title: 'Not found' }],
  ['method_not_allowed', { status: 405, title: 'Method not allowed' }],
  ['request_timeout', { status: 408, title: 'Request timeout' }],
  ['already_exists', { status: 409, title: 'Already exists' }],
  ['erased', { status: 409, title: 'Erased' }],
  ['identity_taken', { status: 409, title: 'Identity taken' }],
  ['loss_not_allowed', { status: 409, title: 'Loss not allowed' }],
  ['merge_conflict', { status: 409, title: 'Merge conflict' }],
  ['referenced', { status: 409, title: 'Referenced' }],
  ['schema_in_use', { status: 409, title: 'Schema in use' }],
  ['cursor_expired', { status: 410, title: 'Cursor expired' }],
  ['revision_conflict', { status: 412, title: 'Revision conflict' }],
  ['too_large', { status: 413, title: 'Too large' }],
  ['unsupported_media_type', { status: 415, title: 'Unsupported media type' }],
  ['precondition_required', { status: 428, title: 'Precondition required' }],
  ['too_many_requests', { status: 429, title: 'Too many requests' }],
  ['not_supported', { status: 501, title: 'Not supported' }],
  ['maintenance', { status: 503, title: 'Maintenance' }],
  ['storage_unavailable', { status: 503, title: 'Storage unavailable' }],
]);

const INTERNAL_ERROR: ProblemType = { status: 500, title: 'Internal error' };

const INTERNAL_DETAIL = 'The server failed to handle the request.';

/** The `Retry-After` of a 503. */
const RETRY_AFTER_SECONDS = 5;
/** Maintenance takes longer than the failure of a storage. */
const RETRY_AFTER_MAINTENANCE_SECONDS = 30;

/** The HTTP status for an error code. */
export function statusOf(code: string): number {
  return (PROBLEM_TYPES.get(code) ?? INTERNAL_ERROR).status;
}

/** The members of every problem document. */
export function problemOf(code: string, detail: string) {
  const { status, title } = PROBLEM_TYPES.get(code) ?? INTERNAL_ERROR;
  return { type: `urn:dossier:error:${code}`, title, status, code, detail };
}

/** Whether an error has a documented HTTP status. Any other is an unexpected fault, whose detail stays hidden. */
export function isExpected(error: unknown): error is DossierError {
  return isDossierError(error) && PROBLEM_TYPES.has(error.code);
}

/** The `code` of the response to a failed request. */
export function codeOf(error: unknown): string {
  return isExpected(error) ? error.code : 'internal_error';
}

/**
 * The response to a failed request: a problem document (RFC 9457) with the error's `code`. An unexpected fault becomes a
 * 500 without detail.
 *
 * @param challenge the `WWW-Authenticate` of a 401
 * @param members further members
 */
export function problemResponse(
  error: unknown,
  challenge: string,
  members: Readonly<Record<string, unknown>> = {},
): Response {
  const expected = isExpected(error) ? error : undefined;
  const problem = problemOf(codeOf(error), expected?.message ?? INTERNAL_DETAIL);
  const body = JSON.stringify({ ...problem, ...(expected && membersOf(expected)), ...members });
  const headers = { 'content-type': 'application/problem+json', ...(expected && headersOf(expected, challenge)) };
  return new Response(body, { status: problem.status, headers });
}

/** The members that extend RFC 9457. */
function membersOf(error: DossierError): Record<string, unknown> {
  switch (error.code) {
    case 'invalid_profile':
    case 'invalid_schema':
      return { violations: (error as InvalidProfileError).violations };
    case 'identity_taken':
      return { key: (error as IdentityTakenError).key };
    case 'not_found':
      // `undefined` unless the profile was merged away, which JSON omits.
      return { mergedInto: (error as NotFoundError).mergedInto };
    case 'merge_conflict':
      return mergeConflictOf(error as MergeConflictError);
    case 'schema_in_use':
      // `undefined` if nothing collides, which JSON omits.
      return inUseOf(error as SchemaInUseError);
    case 'revision_conflict':
      return conflictOf(error as RevisionConflictError);
    case 'loss_not_allowed':
      return { pointers: (error as LossNotAllowedError).pointers };
    case 'cursor_expired':
      return { next: (error as CursorExpiredError).next };
    case 'too_large':
      return { limit: (error as TooLargeError).limit };
    case 'storage_unavailable':
      return { outcome_unknown: (error as StorageUnavailableError).outcomeUnknown };
    default:
      return {};
  }
}

function inUseOf({ collisions, report }: SchemaInUseError): Record<string, unknown> {
  return { collisions, report: report && wireReport(report) };
}

/** `undefined` where the expected state is not known, which JSON omits. */
function conflictOf({ currentRevision, changed, conflicting }: RevisionConflictError): Record<string, unknown> {
  return { current_revision: currentRevision, changed, conflicting };
}

/** `undefined` for a merge, which JSON omits. */
function mergeConflictOf({ extensions, pointers }: MergeConflictError): Record<string, unknown> {
  return { extensions, pointers };
}

function headersOf(error: DossierError, challenge: string): Record<string, string> {
  switch (error.code) {
    case 'unauthenticated':
    case 'not_allowed':
      return { 'www-authenticate': challenge };
    case 'method_not_allowed':
      return { allow: (error as MethodNotAllowedError).allowed.join(', ') };
    case 'revision_conflict':
      return currentTag(error as RevisionConflictError);
    case 'too_many_requests':
      return { 'retry-after': String((error as TooManyRequestsError).retryAfter) };
    case 'maintenance':
      return { 'retry-after': String(RETRY_AFTER_MAINTENANCE_SECONDS) };
    case 'storage_unavailable':
      return { 'retry-after': String(RETRY_AFTER_SECONDS) };
    default:
      return {};
  }
}

/** Revision 0 means that there is no schema yet, which has no entity tag. */
function currentTag({ currentRevision }: RevisionConflictError): Record<string, string> {
  return currentRevision > 0 ? { etag: entityTag(currentRevision) } : {};
}

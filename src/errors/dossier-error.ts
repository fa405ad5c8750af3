const BRAND = Symbol.for('dossier/error');

/**
 * The codes of the errors that Dossier throws. The set is open: a later version may add one, so treat a code that you
 * do not know as a failure like any other. Codes do not change; messages may.
 */
export type ErrorCode =
  | 'already_exists'
  | 'identity_taken'
  | 'invalid_options'
  | 'invalid_profile'
  | 'invalid_schema'
  | 'malformed_request'
  | 'merge_conflict'
  | 'method_not_allowed'
  | 'not_allowed'
  | 'not_found'
  | 'precondition_required'
  | 'revision_conflict'
  | 'schema_in_use'
  | 'schema_not_defined'
  | 'storage_unavailable'
  | 'too_large'
  | 'unauthenticated'
  | 'unsupported_media_type'
  | (string & {});

/** What every error of Dossier has in common. Recognise one with {@link isDossierError}, not with `instanceof`. */
export abstract class DossierError extends Error {
  /** Stable; one per class. */
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether a caught value is an error of Dossier, also when another copy of the package threw it.
 *
 * ```ts
 * try {
 *   await profiles.replace('1', customerId, { attributes });
 * } catch (error) {
 *   if (isDossierError(error) && error.code === 'not_found') await profiles.create('1', { customerId, attributes });
 *   else throw error;
 * }
 * ```
 */
export function isDossierError(value: unknown): value is DossierError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

import { DossierError } from './dossier-error.js';

/** The host requires an expected revision with every change, and none was given (HTTP 428, RFC 6585 §3). */
export class PreconditionRequiredError extends DossierError {
  readonly code = 'precondition_required';
}

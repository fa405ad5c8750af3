import { DossierError } from './dossier-error.js';

/** The caller is known, but may not do this (HTTP 401, as UCS answered). */
export class NotAllowedError extends DossierError {
  readonly code = 'not_allowed';
}

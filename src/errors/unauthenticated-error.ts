import { DossierError } from './dossier-error.js';

/** Credentials are missing or wrong (HTTP 401). */
export class UnauthenticatedError extends DossierError {
  readonly code = 'unauthenticated';
}

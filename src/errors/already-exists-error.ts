import { DossierError } from './dossier-error.js';

/** A customer id or the name of a definition is taken (HTTP 409). */
export class AlreadyExistsError extends DossierError {
  readonly code = 'already_exists';
}

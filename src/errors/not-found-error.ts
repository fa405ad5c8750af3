import { DossierError } from './dossier-error.js';

/** No such profile, record, extension, key, schema or URI (HTTP 404). */
export class NotFoundError extends DossierError {
  readonly code = 'not_found';
}

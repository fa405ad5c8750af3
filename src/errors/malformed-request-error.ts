import { DossierError } from './dossier-error.js';

/** What was sent is not a request at all: not JSON, a repeated member, a bad header, parameter or argument (HTTP 400). */
export class MalformedRequestError extends DossierError {
  readonly code = 'malformed_request';
}

import { DossierError } from './dossier-error.js';

/** The body is in a format that this operation does not read (HTTP 415). */
export class UnsupportedMediaTypeError extends DossierError {
  readonly code = 'unsupported_media_type';
}

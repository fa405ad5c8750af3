import { DossierError } from './dossier-error.js';

/** A request body or a profile is over the configured limit (HTTP 413). */
export class TooLargeError extends DossierError {
  readonly code = 'too_large';

  /** The limit, in bytes. */
  readonly limit: number;

  constructor(what: string, limit: number) {
    super(`${what} is over the limit of ${limit} bytes.`);
    this.limit = limit;
  }
}

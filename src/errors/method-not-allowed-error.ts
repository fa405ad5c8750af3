import { DossierError } from './dossier-error.js';

/** The URI exists, but not for this method (HTTP 405). */
export class MethodNotAllowedError extends DossierError {
  readonly code = 'method_not_allowed';

  /** The methods that the URI does have. */
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(`This URI answers ${allowed.join(', ')} only.`);
    this.allowed = allowed;
  }
}

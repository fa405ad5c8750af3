import { DossierError } from './dossier-error.js';

/**
 * The storage cannot be reached, or gave up after retries (HTTP 503). `outcomeUnknown` tells whether a change may have
 * taken place all the same: when it is false, it did not.
 */
export class StorageUnavailableError extends DossierError {
  readonly code = 'storage_unavailable';

  readonly outcomeUnknown: boolean;

  constructor(message: string, options: ErrorOptions & { outcomeUnknown?: boolean } = {}) {
    super(message, options);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

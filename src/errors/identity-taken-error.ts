import { DossierError } from './dossier-error.js';

/** Another profile of the tenant has an entry of a unique identification key (R19, HTTP 409). */
export class IdentityTakenError extends DossierError {
  readonly code = 'identity_taken';

  /** The name of the key. */
  readonly key: string;

  constructor(key: string) {
    super(`Another profile has the same values for the unique identification key ${key}.`);
    this.key = key;
  }
}

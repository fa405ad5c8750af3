import { DossierError } from './dossier-error.js';

/** A schema change would strand data that stands in the way (W8, HTTP 409). */
export class SchemaInUseError extends DossierError {
  readonly code = 'schema_in_use';
}

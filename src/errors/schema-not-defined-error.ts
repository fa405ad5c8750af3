import { DossierError } from './dossier-error.js';

/** The tenant has no schema yet, so nothing can be stored for it (R15, HTTP 403). */
export class SchemaNotDefinedError extends DossierError {
  readonly code = 'schema_not_defined';

  constructor() {
    super('The tenant has no schema. Define one first: schemas.define(…), or PUT /metadata/profiles.');
  }
}

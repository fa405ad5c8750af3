import { DossierError } from './dossier-error.js';

/** Data stands in the way of a schema change: it would strand something, or break a promise (W8, R21, HTTP 409). */
export class SchemaInUseError extends DossierError {
  readonly code = 'schema_in_use';

  /** For a unique key over data that collides: how many entries could not be made, since another profile has them. */
  readonly collisions: number | undefined;

  constructor(message: string, { collisions }: { readonly collisions?: number } = {}) {
    super(message);
    this.collisions = collisions;
  }
}

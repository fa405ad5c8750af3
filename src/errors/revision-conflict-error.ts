import { DossierError } from './dossier-error.js';

/** The profile, or the schema, no longer has the expected revision (R14, HTTP 412). Read it again and decide anew. */
export class RevisionConflictError extends DossierError {
  readonly code = 'revision_conflict';

  /** The revision, or schema version, that it has now. */
  readonly currentRevision: number;

  constructor(currentRevision: number) {
    super(
      `The expected revision is no longer current; it is now ${currentRevision}. Read again, and decide by what you find.`,
    );
    this.currentRevision = currentRevision;
  }
}

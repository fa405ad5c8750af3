import { DossierError } from './dossier-error.js';

/** Records of both profiles contradict each other, and the merge was not forced (W11, HTTP 409). */
export class MergeConflictError extends DossierError {
  readonly code = 'merge_conflict';

  /** The names of the extensions in which they do. */
  readonly extensions: readonly string[];

  constructor(extensions: readonly string[]) {
    super(
      `Records of both profiles contradict each other in ${extensions.join(', ')}. Force the merge to take the source's.`,
    );
    this.extensions = extensions;
  }
}

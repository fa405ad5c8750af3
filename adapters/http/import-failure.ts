import type { ImportCounts } from 'dossier';

/** An import that failed before its end. The rows before stay imported. */
export class ImportFailure extends Error {
  /** What was done before. */
  readonly counts: ImportCounts;

  constructor(cause: unknown, counts: ImportCounts) {
    super('The import failed.', { cause });
    this.counts = counts;
  }
}

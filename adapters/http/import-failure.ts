import type { ImportCounts } from 'dossier';

/** An import that failed before its end. The rows before stay imported. */
export class ImportFailure extends Error {
  /** What was done before. */
  readonly counts: ImportCounts;
  /** The lines of the rows with errors before. */
  readonly failedLines: readonly number[];

  constructor(cause: unknown, counts: ImportCounts, failedLines: readonly number[]) {
    super('The import failed.', { cause });
    this.counts = counts;
    this.failedLines = failedLines;
  }
}

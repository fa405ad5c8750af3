import type { ImportCounts } from 'dossier';

/** The counts of an import as responses have them. */
export function wireCounts(counts: ImportCounts, failedLines: readonly number[]) {
  const { rows, created, replaced, skipped, failed, lastLine } = counts;
  return { rows, created, replaced, skipped, failed, last_line: lastLine, failed_lines: failedLines };
}

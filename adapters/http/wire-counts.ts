import type { ImportCounts } from 'dossier';

/** The counts of an import as responses have them. */
export function wireCounts(counts: ImportCounts, failedLines: readonly number[]) {
  const { rows, created, replaced, patched, skipped, failed, lastLine } = counts;
  return { rows, created, replaced, patched, skipped, failed, last_line: lastLine, failed_lines: failedLines };
}

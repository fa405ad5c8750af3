import type { ImportCounts } from 'dossier';

/** The counts of an import as responses have them. */
export function wireCounts({ rows, created, replaced, skipped, failed, lastLine }: ImportCounts) {
  return { rows, created, replaced, skipped, failed, last_line: lastLine };
}

import type { ImportCounts, ImportError, ImportResult } from 'dossier';

export function progressText({ rows, created, replaced, skipped, failed, lastLine }: ImportCounts): string {
  const counts = [`${created} created`, `${replaced} replaced`, `${skipped} skipped`, `${failed} failed`];
  return `line ${lastLine}: ${rows} rows, ${counts.join(', ')}`;
}

/** Tells the errors on the standard error, and the counts on the standard output. */
export function reportImport(file: string, result: ImportResult): void {
  for (const error of result.errors) console.error(errorText(file, error));
  const { rows, created, replaced, skipped, failed } = result;
  console.log(`${rows} rows: ${created} created, ${replaced} replaced, ${skipped} skipped, ${failed} failed`);
}

/** As compilers tell where a mistake is. */
function errorText(file: string, { line, code, detail, violations = [] }: ImportError): string {
  const faults = violations.map(({ pointer, rule, expected }) => `\n  ${pointer} (${rule}): expected ${expected}`);
  return `${file === '-' ? 'stdin' : file}:${line}: ${code}: ${detail}${faults.join('')}`;
}

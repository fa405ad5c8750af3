import type { ImportCounts, ImportError, ImportResult } from 'dossier';

export function progressText({ rows, created, replaced, skipped, failed, lastLine }: ImportCounts): string {
  const counts = [`${created} created`, `${replaced} replaced`, `${skipped} skipped`, `${failed} failed`];
  return `line ${lastLine}: ${rows} rows, ${counts.join(', ')}`;
}

/** Prints the errors on the standard error and the counts on the standard output. */
export function printImportReport(file: string, result: ImportResult): void {
  for (const error of result.errors) console.error(errorText(file, error));
  const { rows, created, replaced, skipped, failed } = result;
  console.log(`${rows} rows: ${created} created, ${replaced} replaced, ${skipped} skipped, ${failed} failed`);
}

/** In the form `file:line: code: message` of compilers, so that editors can jump to the row. */
function errorText(file: string, { line, code, detail, violations = [] }: ImportError): string {
  const details = violations.map(({ pointer, rule, expected }) => `\n  ${pointer} (${rule}): expected ${expected}`);
  return `${file === '-' ? 'stdin' : file}:${line}: ${code}: ${detail}${details.join('')}`;
}

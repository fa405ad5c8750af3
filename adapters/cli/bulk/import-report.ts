import type { ImportCounts, ImportError, ImportResult } from 'dossier';

export function progressText({ rows, created, replaced, skipped, failed, lastLine }: ImportCounts): string {
  const counts = [`${created} created`, `${replaced} replaced`, `${skipped} skipped`, `${failed} failed`];
  return `line ${lastLine}: ${rows} rows, ${counts.join(', ')}`;
}

/** Prints the errors on the standard error and the counts on the standard output. */
export function printImportReport(file: string, result: ImportResult): void {
  for (const text of errorTexts(file, result.errors)) console.error(text);
  const { rows, created, replaced, skipped, failed } = result;
  console.log(`${rows} rows: ${created} created, ${replaced} replaced, ${skipped} skipped, ${failed} failed`);
}

/** How many of the other lines with the same error are listed. */
const MAX_LINES = 10;

/**
 * In the form `file:line: code: message` of compilers, so that editors can jump to the row. Rows with the same error share
 * one text.
 */
function errorTexts(file: string, errors: readonly ImportError[]): string[] {
  const linesByText = new Map<string, number[]>();
  for (const error of errors) {
    const text = errorText(error);
    const lines = linesByText.get(text);
    if (lines) lines.push(error.line);
    else linesByText.set(text, [error.line]);
  }
  const source = file === '-' ? 'stdin' : file;
  return Array.from(linesByText, ([text, [first, ...others]]) => `${source}:${first}: ${text}${sameIn(others)}`);
}

function errorText({ code, detail, violations = [] }: ImportError): string {
  const details = violations.map(({ pointer, rule, expected }) => `\n  ${pointer} (${rule}): expected ${expected}`);
  return `${code}: ${detail}${details.join('')}`;
}

function sameIn(lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const more = lines.length > MAX_LINES ? ', …' : '';
  const rows = lines.length === 1 ? '1 more row, line' : `${lines.length} more rows, lines`;
  return `\n  The same in ${rows} ${lines.slice(0, MAX_LINES).join(', ')}${more}`;
}

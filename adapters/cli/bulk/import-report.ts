import type { ImportCounts, ImportError, ImportOptions, ImportResult } from 'dossier';
import type { ImportProgress, LineRange } from 'dossier/formats';
import type { JournalFile } from './journal-file.js';

type Existing = ImportOptions['existing'];

export function progressText(counts: ImportCounts, existing: Existing): string {
  return `line ${counts.lastLine}: ${countsText(counts, existing, ',')}`;
}

function countsText(counts: ImportCounts, existing: Existing, separator: ',' | ':'): string {
  const { rows, created, replaced, patched, skipped, failed } = counts;
  const changed = existing === 'patch' ? `${patched} patched` : `${replaced} replaced`;
  return `${rows} rows${separator} ${created} created, ${changed}, ${skipped} skipped, ${failed} failed`;
}

/** Prints the errors on the standard error and the counts on the standard output. */
export function printImportReport(file: string, result: ImportResult, existing: Existing): void {
  const errors = result.errors.map((error) => ({ line: error.line, text: errorText(error) }));
  for (const text of groupedTexts(file, errors)) console.error(text);
  const unlisted = result.failed - result.errors.length;
  if (unlisted > 0) console.error(`${unlisted} more rows have errors: import again to list them.`);
  console.log(countsText(result, existing, ':'));
}

/** Says that nothing was stored, what rows would take from profiles, and where a dry run has stopped. */
export function printDryRun(
  file: string,
  { complete, failed, lastLine, losses }: ImportResult,
  interrupted: boolean,
): void {
  const taken = losses?.first.map(({ line, pointers }) => ({ line, text: `would clear ${pointers.join(', ')}` })) ?? [];
  for (const text of groupedTexts(file, taken)) console.error(text);
  if (losses && losses.rows > 0) {
    const members = losses.members.map(({ pointer, rows }) => `${pointer} in ${rows}`);
    console.error(`Rows that would take values or records from profiles: ${losses.rows} (${members.join(', ')}).`);
  }
  const reason = interrupted ? 'Interrupted' : `Stopped after ${failed} rows with errors (--max-errors),`;
  const stopped = complete && !interrupted ? '' : ` ${reason} before line ${lastLine + 1}.`;
  console.error(`Dry run: nothing was stored.${stopped}`);
}

/** Says that an earlier import is continued. */
export function reportContinued({ path, journal, earlierSchemaVersion }: JournalFile, schemaVersion: number): void {
  const { firstLine, lastLine, failed } = journal.state;
  if (lastLine < firstLine) return;
  const rows = failed.length === 0 ? '' : `rows with errors (${linesText(failed)}), then `;
  console.error(`Continuing from ${path}: ${rows}rows from line ${lastLine + 1}.`);
  if (earlierSchemaVersion !== schemaVersion) {
    console.error(
      `The schema has changed from version ${earlierSchemaVersion} to ${schemaVersion}: these rows are imported by the new one.`,
    );
  }
}

/** How an import ended that is not done. */
interface Ending extends ImportResult {
  readonly interrupted: boolean;
  readonly startFrom: number | undefined;
}

/**
 * Says where the import has stopped, and how to continue it.
 *
 * @param state what is done of the file; undefined for the standard input
 */
export function printNextStep(file: string, state: ImportProgress | undefined, ending: Ending): void {
  const { complete, interrupted, failed, lastLine, startFrom = 1 } = ending;
  const nextLine = (state ? state.lastLine : Math.max(lastLine, startFrom - 1)) + 1;
  const next = state ? nextInFile(file, state, nextLine, complete) : nextInInput(failed, nextLine, complete);
  const stopped = interrupted ? 'Interrupted' : `Stopped after ${failed} rows with errors (--max-errors),`;
  console.error(complete && !interrupted ? next : `${stopped} before line ${nextLine}. ${next}`);
}

function nextInFile(file: string, { failed }: ImportProgress, nextLine: number, complete: boolean): string {
  if (failed.length === 0) return 'Run the same command again to continue.';
  const rest = complete ? 'them alone' : `them, then the rows from line ${nextLine}`;
  const otherwise = complete
    ? `To leave them out, delete ${file}.import.`
    : 'To get past rows that stay as they are, raise --max-errors.';
  return (
    `The rows with errors were not imported: ${linesText(failed)}. Correct them on their lines of ${file}, or correct the ` +
    `schema, and run the same command again: it imports ${rest}. ${otherwise}`
  );
}

function nextInInput(failed: number, nextLine: number, complete: boolean): string {
  const rest = complete ? [] : [`To continue, send the same input with --start-from ${nextLine}.`];
  const errors = failed === 0 ? [] : ['Correct the rows with errors and send them as an input of their own.'];
  return [...rest, ...errors].join(' ');
}

function linesText(ranges: readonly LineRange[]): string {
  const texts = ranges
    .slice(0, MAX_LINES)
    .map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`));
  const isOne = texts.length === 1 && !texts[0]?.includes(' ');
  return `${isOne ? 'line' : 'lines'} ${texts.join(', ')}${ranges.length > MAX_LINES ? ', …' : ''}`;
}

/** How many lines are listed, of rows with errors, or of the others with the same error. */
const MAX_LINES = 10;

/**
 * In the form `file:line: code: message` of compilers, so that editors can jump to the row. Rows with the same
 * message share one text.
 */
function groupedTexts(file: string, rows: readonly { readonly line: number; readonly text: string }[]): string[] {
  const linesByText = new Map<string, number[]>();
  for (const { line, text } of rows) {
    const lines = linesByText.get(text);
    if (lines) lines.push(line);
    else linesByText.set(text, [line]);
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

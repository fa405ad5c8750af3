import { MalformedRequestError } from 'dossier';
import type { TextRecord } from './record-buffer.js';

/** A record split into its fields, or the reason why it cannot be split. */
export type FieldsRecord = { readonly line: number } & (
  | { readonly fields: readonly string[] }
  | { readonly fault: string }
);

/** What else separates columns, with the words for it, in the order in which they are looked for. */
const DELIMITERS = new Map([
  [';', 'semicolons: set the delimiter to ; (the option --delimiter ";" of the command)'],
  ['\t', 'tabs: set the delimiter to a tab (the option --delimiter tab of the command)'],
  ['|', 'vertical bars: set the delimiter to | (the option --delimiter "|" of the command)'],
  [',', 'commas: set the delimiter to , (the option --delimiter "," of the command)'],
]);

/**
 * The names of the columns, which may be any text: the import looks them up. Errors name a column by its number: where a file
 * has no names, its first row is of values, which may be personal data.
 *
 * @param source the text of the first row
 * @param record the first row, split by the delimiter
 * @param delimiter the one that was given
 * @throws MalformedRequestError unless each column has a name
 */
export function readHeader(
  source: TextRecord,
  record: FieldsRecord,
  delimiter: string,
  maxColumns: number,
): readonly string[] {
  if ('text' in source) checkText(source.text, delimiter);
  const isOneColumn = 'fault' in record || record.fields.length === 1;
  if ('text' in source && isOneColumn) checkDelimiterOf(source.text, delimiter, 'fault' in record);
  if ('fault' in record) {
    throw new MalformedRequestError(
      `The first row, which names the columns, cannot be read. ${record.fault} Rows end in LF or CRLF.`,
    );
  }
  const { fields } = record;
  if (fields.length > maxColumns) {
    throw new MalformedRequestError(`The first row names more than ${maxColumns} columns (option \`maxColumns\`).`);
  }
  const unnamed = fields.indexOf('');
  if (unnamed !== -1) throw new MalformedRequestError(unnamedFault(fields, unnamed));
  return fields;
}

/**
 * Whether a later row is the first one again, as in files that were joined, perhaps with their byte-order marks. In any case,
 * as names are: otherwise the names would become a customer.
 */
export function repeatsHeader(fields: readonly string[], names: readonly string[]): boolean {
  return (
    fields.length === names.length &&
    fields.every((field, index) => {
      const name = index === 0 ? field.replace(/^\ufeff/, '') : field;
      return name.toLowerCase() === names[index]?.toLowerCase();
    })
  );
}

function checkText(text: string, used: string): void {
  const separator = /^"?sep=(.?)/i.exec(text)?.[1];
  if (separator !== undefined) {
    const found = separator === used ? undefined : DELIMITERS.get(separator);
    throw new MalformedRequestError(
      `The first line is one for spreadsheets (sep=), and does not name the columns. Remove it.${
        found ? ` It says that the columns are separated by ${found}.` : ''
      }`,
    );
  }
  if (text.includes('\0')) {
    throw new MalformedRequestError(
      'The first row contains zero bytes. If the file is UTF-16 or UTF-32, save it as UTF-8.',
    );
  }
  if (/\r(?!\n)/.test(text)) {
    throw new MalformedRequestError(
      'The first row contains a carriage return. If the lines end in carriage returns alone, save the file with the line ends LF or CRLF.',
    );
  }
}

/** @param isUnreadable whether quotes are misplaced: then only a separator that follows a quote tells of another delimiter */
function checkDelimiterOf(text: string, used: string, isUnreadable: boolean): void {
  for (const [delimiter, found] of DELIMITERS) {
    if (delimiter !== used && text.includes(isUnreadable ? `"${delimiter}` : delimiter)) {
      throw new MalformedRequestError(`The columns of the first row seem to be separated by ${found}.`);
    }
  }
}

function unnamedFault(fields: readonly string[], index: number): string {
  const column = `Column ${index + 1} has no name`;
  return fields.slice(index).every((rest) => rest === '')
    ? `${column}, nor has any after it. Name every column, or remove the separators at the end of each row.`
    : `${column}. Name every column.`;
}

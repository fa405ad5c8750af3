import { MalformedRequestError } from 'dossier';
import type { FieldsRecord } from './csv-fields.js';
import type { TextRecord } from './record-buffer.js';

/** An attribute, an extension or its attribute (R1), or the segment or revision, whose names no attribute can have. */
const COLUMN = /^(?:[A-Za-z][A-Za-z0-9_]{0,63}(?:\.[A-Za-z][A-Za-z0-9_]{0,63})?|_segment|_revision)$/i;

/** Columns that may not repeat: one of the two values would be lost. */
const UNREPEATABLE_COLUMNS = ['customer_id', '_segment', '_revision'];

/** What else separates columns, with the words for it, in the order in which they are looked for. */
const DELIMITERS = new Map([
  [';', 'semicolons: set the delimiter to ; (the option --delimiter ";" of the command)'],
  ['\t', 'tabs: set the delimiter to a tab (the option --delimiter tab of the command)'],
  ['|', 'vertical bars: set the delimiter to | (the option --delimiter "|" of the command)'],
  [',', 'commas: set the delimiter to , (the option --delimiter "," of the command)'],
]);

/**
 * The names of the columns. Errors name a column by its number: where a file has no names, its first row is of values, which
 * may be personal data.
 *
 * @param source the text of the first row
 * @param record the first row, split by the delimiter
 * @param delimiter the one that was given
 * @throws MalformedRequestError unless each column has a valid name
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
  fields.forEach((name, index) => {
    if (!COLUMN.test(name)) throw new MalformedRequestError(faultOf(fields, name, index));
  });
  for (const single of UNREPEATABLE_COLUMNS) {
    if (fields.filter((name) => name.toLowerCase() === single).length > 1) {
      throw new MalformedRequestError(`The first row names the column ${single} more than once.`);
    }
  }
  return fields;
}

/** Whether a later row is the first one again, as in files that were joined, perhaps with their byte-order marks. */
export function repeatsHeader(fields: readonly string[], names: readonly string[]): boolean {
  return (
    fields.length === names.length &&
    fields.every((field, index) => (index === 0 ? field.replace(/^\ufeff/, '') : field) === names[index])
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

function faultOf(fields: readonly string[], name: string, index: number): string {
  const column = `Column ${index + 1}`;
  if (name === '') {
    return fields.slice(index).every((rest) => rest === '')
      ? `${column} has no name, nor has any after it. Name every column, or remove the separators at the end of each row.`
      : `${column} has no name. Name every column.`;
  }
  if (COLUMN.test(name.trim())) return `${column} has blanks before or after its name. Remove them.`;
  return `${column} has a name that is not valid: expected a letter, then at most 63 letters, digits or underscores, or two such names with a dot between them. Is the first row the one that names the columns?`;
}

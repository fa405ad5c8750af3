import { type Cells, type ImportRow, MalformedRequestError } from 'dossier';
import { withoutByteOrderMark } from './byte-order-mark.js';
import type { FieldsRecord } from './csv-fields.js';
import { csvRecords } from './csv-records.js';
import { checkDelimiter } from './delimiter.js';
import { completeLimits, type RowLimits } from './row-limits.js';

export interface CsvOptions extends RowLimits {
  /** The column separator: a tab or one printable ASCII character other than `"`. Default `,`. */
  readonly delimiter?: string | undefined;
}

/** The longest name: an extension and an attribute, each of 64 characters (R1), and the dot between them. */
const MAX_NAME = 129;

/** Columns that may not repeat: one of the two values would be lost. */
const UNREPEATABLE_COLUMNS = ['customer_id', '_segment'];

/**
 * Reads CSV (RFC 4180) in UTF-8, with or without a byte-order mark. The first row names the columns: `customer_id`,
 * `_segment`, attributes, and attributes of extensions such as `Phone.Number`. Repeat the columns of a multi-valued
 * attribute or extension for each value or record. Empty lines are skipped.
 *
 * ```ts
 * await profiles.import('1', csvRows(createReadStream('profiles.csv'), { delimiter: ';' }));
 * ```
 *
 * Needs the package `csv-parse`. A row that cannot be read becomes a row with a `fault`: if it has more or fewer columns
 * than the first row, misplaced quotes, invalid UTF-8, or more than `maxRowBytes`.
 *
 * @returns the rows. Iterating throws `MalformedRequestError` if the first row cannot be read, has more than `maxColumns`
 *   columns, an empty name or one of more than 129 characters, or repeats `customer_id` or `_segment`.
 * @throws MalformedRequestError if `delimiter` is not valid
 * @throws InvalidOptionsError if `maxRowBytes` or `maxColumns` is not a positive integer
 */
export function csvRows(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncIterable<ImportRow> {
  const delimiter = checkDelimiter(options.delimiter ?? ',');
  return readRows(bytes, delimiter, completeLimits(options));
}

async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: string,
  { maxRowBytes, maxColumns }: ReturnType<typeof completeLimits>,
): AsyncGenerator<ImportRow> {
  // Loaded here, so that only readers of CSV need csv-parse.
  const { fieldsOf } = await import('./csv-fields.js');
  let names: readonly string[] | undefined;
  for await (const records of csvRecords(withoutByteOrderMark(bytes), delimiter, maxRowBytes)) {
    for (const record of fieldsOf(records, delimiter)) {
      if (names) yield readRow(record, names);
      else names = readNames(record, maxColumns);
    }
  }
}

function readNames(record: FieldsRecord, maxColumns: number): readonly string[] {
  if ('fault' in record)
    throw new MalformedRequestError(`The first row, which names the columns, cannot be read. ${record.fault}`);
  if (record.fields.length > maxColumns)
    throw new MalformedRequestError(`The first row names more than ${maxColumns} columns.`);
  if (record.fields.includes(''))
    throw new MalformedRequestError('The first row has an empty column name. Name every column.');
  const tooLong = record.fields.findIndex((name) => name.length > MAX_NAME);
  if (tooLong !== -1)
    throw new MalformedRequestError(
      `Column ${tooLong + 1} has a name of more than ${MAX_NAME} characters. Is this the row that names the columns?`,
    );
  for (const single of UNREPEATABLE_COLUMNS) {
    if (record.fields.filter((name) => name.toLowerCase() === single).length > 1) {
      throw new MalformedRequestError(`The first row names the column ${single} more than once.`);
    }
  }
  return record.fields;
}

function readRow(record: FieldsRecord, names: readonly string[]): ImportRow {
  if ('fault' in record) return record;
  const { line, fields } = record;
  if (fields.length !== names.length) {
    return {
      line,
      fault: `The row must have ${names.length} columns, as the first row has, but has ${fields.length}.`,
    };
  }
  const cells: Cells = names.map((name, column) => [name, fields[column] ?? ''] as const);
  return { line, cells };
}

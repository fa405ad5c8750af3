import { type Cells, type ImportRow, MalformedRequestError } from 'dossier';
import { withoutByteOrderMark } from './byte-order-mark.js';
import type { FieldsRecord } from './csv-fields.js';
import { CsvRecords } from './csv-records.js';
import { checkDelimiter } from './delimiter.js';
import { completeLimits, type RowLimits } from './row-limits.js';

export interface CsvOptions extends RowLimits {
  /** What separates the columns: a tab, or one printable ASCII character. Default `,`. */
  readonly delimiter?: string | undefined;
}

/** What a row has once at most: of two columns, one would be lost. */
const SINGLE_COLUMNS = ['customer_id', '_segment'];

/**
 * Reads comma-separated values, `text/csv`, by RFC 4180, in UTF-8 with or without a byte-order mark. The first row names
 * the columns: `customer_id`, attributes, and attributes of extensions as `Phone.Number`; the columns of a multi-valued
 * attribute or extension are repeated, once for each value or record. `_segment` is the segment. Blank lines are passed
 * over.
 *
 * ```ts
 * await profiles.import('1', csvRows(createReadStream('profiles.csv'), { delimiter: ';' }));
 * ```
 *
 * It needs the package `csv-parse`. A row that cannot be read has a `fault`: with more or fewer columns than there are
 * names, quotes in the wrong place, ill-formed UTF-8, or over the limit.
 *
 * @returns rows, which throw a `MalformedRequestError` where the names of the columns cannot be read or are too many, or
 *   `customer_id` or `_segment` is among them twice
 * @throws MalformedRequestError if nothing can be separated by the delimiter
 * @throws InvalidOptionsError if a limit is no positive integer
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
  // Here, so that whoever reads no table need not install the parser.
  const { fieldsOf } = await import('./csv-fields.js');
  const records = new CsvRecords(delimiter, maxRowBytes);
  let names: readonly string[] | undefined;
  for await (const part of records.read(withoutByteOrderMark(bytes))) {
    for (const record of fieldsOf(part, delimiter)) {
      if (names) yield readRow(record, names);
      else names = readNames(record, maxColumns);
    }
  }
}

function readNames(record: FieldsRecord, maxColumns: number): readonly string[] {
  if ('fault' in record) throw new MalformedRequestError(`The names of the columns cannot be read. ${record.fault}`);
  if (record.fields.length > maxColumns) throw new MalformedRequestError(`There are more than ${maxColumns} columns.`);
  if (record.fields.includes('')) throw new MalformedRequestError('Every column must have a name.');
  for (const single of SINGLE_COLUMNS) {
    if (record.fields.filter((name) => name.toLowerCase() === single).length > 1) {
      throw new MalformedRequestError(`There may be one column ${single} only.`);
    }
  }
  return record.fields;
}

function readRow(record: FieldsRecord, names: readonly string[]): ImportRow {
  if ('fault' in record) return record;
  const { line, fields } = record;
  if (fields.length !== names.length) {
    return { line, fault: `The row has ${fields.length} columns, and there are ${names.length} names.` };
  }
  const cells: Cells = names.map((name, column) => [name, fields[column] ?? ''] as const);
  return { line, cells };
}

import { setImmediate } from 'node:timers/promises';
import type { Cells, ImportRow } from 'dossier';
import { withoutByteOrderMark } from './byte-order-mark.js';
import { fieldsOf } from './csv-fields.js';
import { type CsvFormat, FORMAT_OPTIONS, readFormat } from './csv-format.js';
import { type FieldsRecord, readHeader, repeatsHeader } from './csv-header.js';
import { csvRecords } from './csv-records.js';
import { inPieces } from './in-pieces.js';
import { inTurns } from './in-turns.js';
import { isLong, type TextRecord } from './record-buffer.js';
import { type RowLimits, readLimits } from './row-limits.js';
import { fromSpreadsheet } from './spreadsheet-text.js';

/** The options of {@link csvRows}. */
export interface CsvOptions extends CsvFormat, Pick<RowLimits, (typeof LIMITS)[number]> {}

/** The limits of a row of CSV. */
const LIMITS = ['maxRowBytes', 'maxColumns'] as const;

/** So many fields are read between two turns of the event loop. */
const FIELDS_AT_ONCE = 5_000;

/**
 * Reads CSV (RFC 4180) in UTF-8, with or without a byte-order mark. The first row names the columns: `customer_id`,
 * `_segment`, `_revision`, attributes, and attributes of extensions such as `Phone.Number`; or anything else, for `map` and
 * `ignore` of the import. Repeat the columns of a multi-valued attribute or extension for each value or record. `[]` in a
 * column named `Phone` gives the extension, without records (R8). Empty lines, and those of separators alone, are skipped. A
 * table without rows gives its `columns`, so that the import checks them.
 *
 * ```ts
 * await profiles.import('1', csvRows(createReadStream('profiles.csv'), { delimiter: ';' }));
 * ```
 *
 * A row that cannot be read becomes a row with a `fault`: if it has more or fewer columns than the first row, repeats that row,
 * or has misplaced quotes, invalid UTF-8, or more than `maxRowBytes`.
 *
 * @returns the rows. Iterating throws `MalformedRequestError` before the first of them if the row of names cannot be read, has
 *   more than `maxColumns` columns or one without a name, which the error gives by its number; or if the input is UTF-16.
 * @throws MalformedRequestError if `delimiter` is not valid
 * @throws InvalidOptionsError if another option is not valid, or is unknown
 */
export function csvRows(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncIterable<ImportRow> {
  return readRows(bytes, { ...readLimits(options, LIMITS, FORMAT_OPTIONS), ...readFormat(options) });
}

async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  {
    delimiter,
    excel,
    maxRowBytes,
    maxColumns,
  }: Required<{ [Option in keyof CsvOptions]: NonNullable<CsvOptions[Option]> }>,
): AsyncGenerator<ImportRow> {
  let names: readonly string[] | undefined;
  let hasRows = false;
  let fields = 0;
  for await (const records of csvRecords(withoutByteOrderMark(inPieces(bytes)), delimiter, maxRowBytes)) {
    for (const source of records) {
      const record = await split(source, delimiter, maxColumns + 1);
      if ('fault' in record || record.fields.some((field) => field !== '')) {
        if (names) {
          hasRows = true;
          yield await readRow(record, names, maxColumns, excel);
        } else names = readHeader(source, record, delimiter, maxColumns);
      }
      fields += 'fields' in record ? record.fields.length : 1;
      if (fields < FIELDS_AT_ONCE) continue;
      fields = 0;
      await setImmediate();
    }
  }
  // A table of one row that names no columns would otherwise pass for one without customers.
  if (names && !hasRows) yield { line: 1, columns: names };
}

async function split(source: TextRecord, delimiter: string, limit: number): Promise<FieldsRecord> {
  if ('fault' in source) return source;
  const { line, text } = source;
  // Decoding it took as long as splitting it takes.
  if (isLong(text)) await setImmediate();
  const fields = await inTurns(fieldsOf(text, delimiter, limit));
  return fields ? { line, fields } : { line, fault: MISPLACED_QUOTE };
}

const MISPLACED_QUOTE = 'The row has a misplaced quote. Quote the whole field, and double each quote inside it.';

async function readRow(
  record: FieldsRecord,
  names: readonly string[],
  maxColumns: number,
  excel: boolean,
): Promise<ImportRow> {
  if ('fault' in record) return record;
  const { line, fields } = record;
  if (fields.length !== names.length) {
    const count = fields.length > maxColumns ? `more than ${maxColumns}` : fields.length;
    return { line, fault: `The row must have ${names.length} columns, as the first row has, but has ${count}.` };
  }
  if (repeatsHeader(fields, names)) return { line, fault: 'The row repeats the names of the columns. Remove it.' };
  const values = excel ? await restored(fields) : fields;
  const cells: Cells = names.map((name, column) => [name, values[column] ?? ''] as const);
  return { line, cells };
}

async function restored(fields: readonly string[]): Promise<readonly string[]> {
  const values: string[] = [];
  for (const field of fields) values.push(await inTurns(fromSpreadsheet(field)));
  return values;
}

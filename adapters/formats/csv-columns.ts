import { MalformedRequestError, type Schema } from 'dossier';
import { BYTE_ORDER_MARK } from './byte-order-mark.js';
import { type CsvFormat, FORMAT_OPTIONS, readFormat } from './csv-format.js';
import type { ProfileRow } from './export-row.js';
import { type RowLimits, readLimits } from './row-limits.js';
import { forSpreadsheet, isNegativeNumber } from './spreadsheet-text.js';

interface ExtensionColumns {
  readonly attributes: Set<string>;
  /** The number of records, each with its own set of columns. */
  records: number;
  /** Whether any profile gives the extension without records, which takes a column. */
  emptied: boolean;
}

/** The options of {@link CsvColumns}. */
export interface CsvColumnsOptions extends CsvFormat, Pick<RowLimits, (typeof LIMITS)[number]> {}

/** The text that gives an extension without records (R8). An empty cell does not give it. */
const NO_RECORDS = '[]';

/** The limits of a table. `maxColumns` is that of {@link csvRows}, which could not read a file that has more. */
const LIMITS = ['maxColumns', 'maxEmptyCells'] as const;

/** What each value adds to `maxEmptyCells`. */
const EMPTY_CELLS_PER_VALUE = 100;

/**
 * Writes profiles as CSV that {@link csvRows} reads. A multi-valued attribute has one column per value, and an extension one
 * set of columns per record, so call `note` with every profile before you write the first row.
 */
export class CsvColumns {
  readonly #delimiter: string;
  readonly #needsQuotes: RegExp;
  readonly #excel: boolean;
  /**
   * Whether a negative number is no text for a spreadsheet. Split at another delimiter, it would begin a cell that goes on
   * with the next ones, perhaps to a formula, in the first column and behind a delimiter that is blank.
   */
  readonly #keepsNumbers: boolean;
  /** Whether any profile has a segment, which takes a column. */
  #hasSegments = false;
  /** Likewise a revision. */
  #hasRevisions = false;
  /** The number of columns per attribute. */
  readonly #attributes: Map<string, number>;
  readonly #extensions: Map<string, ExtensionColumns>;
  readonly #limits: Readonly<Record<(typeof LIMITS)[number], number>>;
  /** The columns that every table of the schema has. */
  readonly #schemaColumns: number;
  #rows = 0;
  #values = 0;

  /**
   * @param schema names the columns, in order of definition
   * @throws MalformedRequestError if `delimiter` is not valid
   * @throws InvalidOptionsError if another option is not valid, or is unknown
   */
  constructor({ attributes, extensions }: Pick<Schema, 'attributes' | 'extensions'>, options: CsvColumnsOptions = {}) {
    this.#limits = readLimits(options, LIMITS, FORMAT_OPTIONS);
    const { delimiter, excel } = readFormat(options);
    this.#delimiter = delimiter;
    this.#excel = excel;
    this.#keepsNumbers = delimiter.trim() !== '';
    this.#needsQuotes = new RegExp(`["\\r\\n\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}]`);
    this.#attributes = new Map(attributes.map(({ name }) => [name, 1]));
    this.#extensions = new Map(
      extensions.map(({ name, attributes: inner }) => [
        name,
        { attributes: new Set(inner.map((attribute) => attribute.name)), records: 1, emptied: false },
      ]),
    );
    this.#schemaColumns = this.#countColumns();
  }

  /** Adds the columns that a profile needs, including those for names that are no longer in the schema. */
  note({ segment, revision, members }: ProfileRow): void {
    this.#hasSegments ||= segment !== undefined;
    this.#hasRevisions ||= revision !== undefined;
    this.#rows += 1;
    for (const [name, value] of Object.entries(members)) {
      const values = listOf(value);
      // Where there is no value, there may be a cell that says so.
      this.#values += Math.max(values.length, 1);
      const extension = this.#extensions.get(name);
      if (values.some(isRecord)) this.#noteRecords(name, values.filter(isRecord));
      else if (extension) extension.emptied = true;
      else {
        this.#attributes.set(name, Math.max(this.#attributes.get(name) ?? 1, values.length));
      }
    }
  }

  #noteRecords(name: string, records: readonly Readonly<Record<string, unknown>>[]): void {
    const columns = this.#extensions.get(name) ?? { attributes: new Set(), records: 1, emptied: false };
    this.#extensions.set(name, columns);
    columns.records = Math.max(columns.records, records.length);
    for (const attribute of records.flatMap(Object.keys)) columns.attributes.add(attribute);
  }

  /**
   * The header row, with its line break, and before it the byte-order mark if there is to be one.
   *
   * @throws MalformedRequestError if there are more than `maxColumns`, or if there would be more than `maxEmptyCells`
   */
  header(): string {
    this.#checkColumns();
    const names = ['customer_id'];
    if (this.#hasSegments) names.push('_segment');
    if (this.#hasRevisions) names.push('_revision');
    for (const [name, count] of this.#attributes) names.push(...Array<string>(count).fill(name));
    for (const [name, { attributes, records, emptied }] of this.#extensions) {
      if (emptied) names.push(name);
      const inner = Array.from(attributes, (attribute) => `${name}.${attribute}`);
      for (let record = 0; record < records; record += 1) names.push(...inner);
    }
    return (this.#excel ? BYTE_ORDER_MARK : '') + this.#write(names);
  }

  /** The row of a profile that was passed to `note`, with its line break. */
  row({ customerId, segment, revision, members }: ProfileRow): string {
    const given = new Map(Object.entries(members));
    const cells: unknown[] = [customerId];
    if (this.#hasSegments) cells.push(segment);
    if (this.#hasRevisions) cells.push(revision);
    for (const [name, count] of this.#attributes) {
      const values = listOf(given.get(name));
      for (let index = 0; index < count; index += 1) cells.push(values[index]);
    }
    for (const [name, { attributes, records, emptied }] of this.#extensions) {
      const list = listOf(given.get(name)).filter(isRecord);
      if (emptied) cells.push(given.has(name) && list.length === 0 ? NO_RECORDS : undefined);
      for (let index = 0; index < records; index += 1) {
        const record = new Map(Object.entries(list[index] ?? {}));
        for (const attribute of attributes) cells.push(record.get(attribute));
      }
    }
    return this.#write(cells);
  }

  #countColumns(): number {
    let count = 1;
    for (const columns of this.#attributes.values()) count += columns;
    for (const { attributes, records, emptied } of this.#extensions.values())
      count += attributes.size * records + Number(emptied);
    return count + Number(this.#hasSegments) + Number(this.#hasRevisions);
  }

  #checkColumns(): void {
    const { maxColumns, maxEmptyCells } = this.#limits;
    const columns = this.#countColumns();
    if (columns > maxColumns) {
      throw new MalformedRequestError(
        `The table would have ${columns} columns, more than ${maxColumns} (option \`maxColumns\`): a profile has too many values or records. Write NDJSON instead.`,
      );
    }
    const added = (columns - this.#schemaColumns) * this.#rows;
    if (added > maxEmptyCells + this.#values * EMPTY_CELLS_PER_VALUE) {
      throw new MalformedRequestError(
        `The table would have ${columns} columns, almost all of them empty (option \`maxEmptyCells\`): few profiles have many values or records. Write NDJSON instead.`,
      );
    }
  }

  #write(cells: readonly unknown[]): string {
    return `${cells.map((cell, column) => this.#cell(cell, column)).join(this.#delimiter)}\r\n`;
  }

  #cell(value: unknown, column: number): string {
    if (value === undefined) return '';
    const plain = String(value);
    const staysPlain = !this.#excel || (column > 0 && this.#keepsNumbers && isNegativeNumber(plain));
    const text = staysPlain ? plain : forSpreadsheet(plain);
    return this.#needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

/**
 * Whether CSV can represent a profile. CSV cannot tell an empty string from no value, nor an empty record from no record.
 */
export function fitsCsv({ residual, members }: ProfileRow): boolean {
  if (residual) return false;
  return Object.values(members)
    .flatMap(listOf)
    .every((value) => (isRecord(value) ? fitsRecord(value) : value !== ''));
}

function fitsRecord(record: Readonly<Record<string, unknown>>): boolean {
  const values = Object.values(record);
  return values.length > 0 && !values.includes('');
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

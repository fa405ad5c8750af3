import { InvalidOptionsError, MalformedRequestError } from 'dossier';

/** How a table of CSV is written. Its reader needs to be told the same. */
export interface CsvFormat {
  /** The column separator: a tab or one printable ASCII character other than `"`. Default `,`. */
  readonly delimiter?: string | undefined;
  /**
   * Whether the table is for spreadsheets: it has a byte-order mark, by which they know UTF-8, and an apostrophe before what
   * they would run as a formula. {@link csvRows} removes exactly the apostrophes that {@link CsvColumns} adds. Default false.
   */
  readonly excel?: boolean | undefined;
}

export const FORMAT_OPTIONS: readonly (keyof CsvFormat)[] = ['delimiter', 'excel'];

const DELIMITER = /^[\t -!#-~]$/;

/**
 * Applies the defaults.
 *
 * @throws MalformedRequestError if the delimiter is not valid: a client may choose it
 * @throws InvalidOptionsError if `excel` is not a boolean
 */
export function readFormat({ delimiter = ',', excel = false }: CsvFormat) {
  if (typeof excel !== 'boolean') {
    throw new InvalidOptionsError([{ pointer: '/excel', rule: '', expected: 'true or false' }]);
  }
  if (!DELIMITER.test(delimiter)) {
    throw new MalformedRequestError('The delimiter must be a tab or one printable ASCII character other than ".');
  }
  return { delimiter, excel };
}

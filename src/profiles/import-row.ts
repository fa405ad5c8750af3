import { MalformedRequestError } from '../errors.js';
import { isPositiveInteger } from '../model/positive-integer.js';
import type { Violation } from '../model/violation.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';
import type { Cells } from '../rules/text-row.js';

/** One row of a bulk import, as a reader of some format found it. */
export type ImportRow = {
  /** Where it begins in what was read, for the report: the number of its line, counted from 1. */
  readonly line: number;
} & (
  | {
      /** The profile as on the wire, without its `customer_id`. */
      readonly members: Readonly<Record<string, unknown>>;
      readonly customerId?: string | undefined;
      /** As in {@link ChangeContext}; it stands before the segment of the whole import. */
      readonly segment?: string | undefined;
    }
  | {
      /** Text by the names of columns, `customer_id` and `_segment` among them, parsed by the types of the schema. */
      readonly cells: Cells;
    }
  | {
      /** Why the row could not be read, without a value of it. */
      readonly fault: string;
    }
);

export interface ImportOptions {
  /**
   * What to do with a row whose profile exists already: leave the profile as it is (`skip`, which is the default), replace
   * it (`replace`), or count an error (`refuse`).
   */
  readonly existing?: 'skip' | 'replace' | 'refuse' | undefined;
  /**
   * An identification key by which a row finds its profile, where it has no `customer_id`: by the first value of each of
   * the key's attributes. A row that finds several is an error.
   */
  readonly idKey?: string | undefined;
  /**
   * Whether a row may set the segment of its profile. Default true; false for the rows of a caller who is not trusted with
   * segments, each of which that has one is then an error, `not_allowed` (W1).
   */
  readonly maySetSegment?: boolean | undefined;
  /** After so many errors, at least 1, the import ends. Default 100. */
  readonly maxErrors?: number | undefined;
  /** The first line to import; rows before it are passed over. Default 1. */
  readonly startFrom?: number | undefined;
  /** Told after each batch, also one in which the storage failed. */
  readonly onProgress?: ((counts: ImportCounts) => void) | undefined;
  /** Ends the import after the batch that is going on. */
  readonly signal?: AbortSignal | undefined;
}

export interface ImportCounts {
  /** Rows that were looked at, faulty ones among them. */
  readonly rows: number;
  readonly created: number;
  /** Also those that already were what the row says (R13). */
  readonly replaced: number;
  readonly skipped: number;
  readonly failed: number;
  /** The line of the last row that was looked at; an import that was interrupted goes on with the line after it. */
  readonly lastLine: number;
}

/** A row that was not imported. */
export interface ImportError {
  readonly line: number;
  /** The code of the error, such as `invalid_profile`. */
  readonly code: string;
  readonly detail: string;
  /** For `invalid_profile`: pointers to members, never values (R11). */
  readonly violations?: readonly Violation[];
}

export interface ImportResult extends ImportCounts {
  /** The first errors, at most `maxErrors`. */
  readonly errors: readonly ImportError[];
  /** Whether every row was looked at, rather than the import ended by its errors or its signal. */
  readonly complete: boolean;
}

const IMPORT_OPTIONS: OptionNames<ImportOptions> = {
  existing: true,
  idKey: true,
  maySetSegment: true,
  maxErrors: true,
  startFrom: true,
  onProgress: true,
  signal: true,
};

const EXISTING: ReadonlySet<unknown> = new Set(['skip', 'replace', 'refuse', undefined]);

/**
 * Checks what decides over the profiles that are there: types do not bind a caller in JavaScript, and a word that is
 * misspelt must not replace them.
 *
 * @throws MalformedRequestError
 */
export function checkImportOptions(options: ImportOptions): void {
  checkOptionNames(options, IMPORT_OPTIONS);
  const { existing, idKey, maySetSegment, maxErrors = 1, startFrom = 1 } = options;
  if (!EXISTING.has(existing)) {
    throw new MalformedRequestError("`existing` must be 'skip', 'replace' or 'refuse'.");
  }
  if (idKey !== undefined && typeof idKey !== 'string') {
    throw new MalformedRequestError('`idKey` must be a string: the name of an identification key.');
  }
  if (maySetSegment !== undefined && typeof maySetSegment !== 'boolean') {
    throw new MalformedRequestError('`maySetSegment` must be a boolean.');
  }
  if (!isPositiveInteger(maxErrors) || !isPositiveInteger(startFrom)) {
    throw new MalformedRequestError('`maxErrors` and `startFrom` must be positive integers.');
  }
}

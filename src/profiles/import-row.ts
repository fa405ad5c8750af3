import { MalformedRequestError } from '../errors.js';
import { isPositiveInteger } from '../model/guards.js';
import type { Violation } from '../model/violation.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';
import type { Cells } from '../rules/text-row.js';
import { type AfterErasure, checkAfterErasure } from './change-context.js';
import type { ImportLosses } from './import-losses.js';

/** One row of an import: a profile, or the reason why the reader of the file could not read one. */
export type ImportRow = {
  /** The number of the line at which the row starts, from 1. Reports and `startFrom` use it. */
  readonly line: number;
  /**
   * The customer id of the profile that this row creates, if the row has none. A row that is sent again with the same one
   * finds the profile that it created, so none is created twice. Default: a generated id.
   */
  readonly newCustomerId?: string | undefined;
} & (
  | {
      /** The profile as a flat representation: attributes and extensions side by side. */
      readonly members: Readonly<Record<string, unknown>>;
      readonly customerId?: string | undefined;
      /** As in {@link ChangeContext}. Overrides the segment of the whole import. */
      readonly segment?: string | undefined;
      /**
       * With `existing: 'replace'` or `'patch'`, the revision that the profile must still have (R14): if it has another one, or does not
       * exist, the row is an error, `revision_conflict`. Otherwise it means nothing.
       */
      readonly revision?: number | undefined;
    }
  | {
      /**
       * The cells of a table row: column name and text, including `customer_id`, `_segment` and `_revision`. Parsed by
       * the types of the schema, after `map` and `ignore`.
       */
      readonly cells: Cells;
    }
  | {
      /** The columns of a table without rows. They are checked as those of a first row are, and count as no row. */
      readonly columns: readonly string[];
    }
  | {
      /** Why the row could not be read. Must not contain values of the row. */
      readonly fault: string;
    }
);

/** Options of {@link ProfileService.import}. */
export interface ImportOptions extends AfterErasure {
  /**
   * What to do with a row whose profile exists: leave the profile as it is (`skip`), replace it (`replace`), change the
   * members or columns that the row has and leave the rest (`patch`, L5), or report an error (`refuse`). Default `skip`.
   */
  readonly existing?: 'skip' | 'replace' | 'patch' | 'refuse' | undefined;
  /**
   * For tables, the attribute of each column that has another name: `{ 'E-mail 1 - Value': 'EmailAddress' }`, or
   * `Phone.Number` for one of an extension. Several columns may give one multi-valued attribute, in the order of the columns.
   * Names of columns match exactly; those that a table lacks mean nothing. Default: columns have the names of attributes.
   */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** For tables, the columns to leave out. Any other that is neither known nor mapped is an error. Default: none. */
  readonly ignore?: readonly string[] | undefined;
  /**
   * For tables, with `existing: 'patch'`: whether an empty cell leaves the value that is stored, or clears it. An attribute or
   * extension of several columns is cleared if all of them are empty. Default `keep`.
   */
  readonly emptyCells?: 'keep' | 'clear' | undefined;
  /**
   * The name of an identification key that finds the profile of a row without `customer_id`, by the first value of each
   * attribute of the key. A row that matches several profiles is an error. Default: such a row creates a profile.
   */
  readonly idKey?: string | undefined;
  /**
   * Whether rows may set the segment. Default true. If false, a row with a segment is an error with the code
   * `not_allowed`: for imports by callers who are not trusted with segments (W1).
   */
  readonly maySetSegment?: boolean | undefined;
  /** The import stops after this number of errors, at least 1. Default 100. */
  readonly maxErrors?: number | undefined;
  /** The names of protected attributes and extensions that rows may clear by leaving them out (L2). Default: none. */
  readonly allowLoss?: readonly string[] | undefined;
  /** The first line to import. Rows of earlier lines are ignored. Default 1. */
  readonly startFrom?: number | undefined;
  /** Called after each batch with the counts so far, also after one in which the storage failed. */
  readonly onProgress?: ((counts: ImportCounts) => void) | undefined;
  /** Called for each row with an error, before `onProgress` counts it: also for those that {@link ImportResult} omits. */
  readonly onError?: ((error: ImportError) => void) | undefined;
  /** Stops the import after the current batch. */
  readonly signal?: AbortSignal | undefined;
}

/** The counts of an import, in rows. */
export interface ImportCounts {
  /** The rows processed, including those with errors. */
  readonly rows: number;
  /** The rows that created a profile. */
  readonly created: number;
  /** The rows that replaced a profile, including those that equal the stored profile and change nothing (R13). */
  readonly replaced: number;
  /** The rows that patched a profile, including those that change nothing. */
  readonly patched: number;
  /** The rows that were ignored, because their profile exists. */
  readonly skipped: number;
  /** The rows with errors. */
  readonly failed: number;
  /** The line of the last row processed, or 0. To resume the import, set `startFrom` to the line after it. */
  readonly lastLine: number;
}

/** The error of a row that was not imported. */
export interface ImportError {
  /** The line at which the row starts. */
  readonly line: number;
  /** The error code, such as `invalid_profile`. */
  readonly code: string;
  /** The error message. */
  readonly detail: string;
  /** For `invalid_profile`: all violations, at most 100. They point to members and never contain values (R11). */
  readonly violations?: readonly Violation[];
  /** For `loss_not_allowed`: JSON pointers to the members that the row would clear by leaving them out (L2). */
  readonly pointers?: readonly string[];
}

/** The result of {@link ProfileService.import}. */
export interface ImportResult extends ImportCounts {
  /** The first errors: at most `maxErrors`, and about 1 MiB of them. */
  readonly errors: readonly ImportError[];
  /** Whether all rows were processed. False if the import stopped because of its errors or its `signal`. */
  readonly complete: boolean;
  /** In a dry run alone ({@link ProfileService.dryRun}): what the rows would take from profiles. */
  readonly losses?: ImportLosses;
}

const IMPORT_OPTIONS: OptionNames<ImportOptions> = {
  existing: true,
  afterErasure: true,
  map: true,
  ignore: true,
  emptyCells: true,
  allowLoss: true,
  idKey: true,
  maySetSegment: true,
  maxErrors: true,
  startFrom: true,
  onProgress: true,
  onError: true,
  signal: true,
};

const EXISTING: ReadonlySet<unknown> = new Set(['skip', 'replace', 'patch', 'refuse', undefined]);

/**
 * Checks the options at run time, for callers in JavaScript: a misspelt option must not replace existing profiles.
 *
 * @throws MalformedRequestError that names the option
 */
export function checkImportOptions(options: ImportOptions): void {
  checkOptionNames(options, IMPORT_OPTIONS);
  checkAfterErasure(options);
  const {
    existing,
    emptyCells = 'keep',
    idKey,
    maySetSegment,
    maxErrors = 1,
    startFrom = 1,
    onProgress,
    onError,
    signal,
  } = options;
  if (!EXISTING.has(existing)) {
    throw new MalformedRequestError("`existing` must be 'skip', 'replace', 'patch' or 'refuse'.");
  }
  if (emptyCells !== 'keep' && emptyCells !== 'clear') {
    throw new MalformedRequestError("`emptyCells` must be 'keep' or 'clear'.");
  }
  if (emptyCells === 'clear' && existing !== 'patch') {
    throw new MalformedRequestError("`emptyCells: 'clear'` is for `existing: 'patch'`. Leave it out.");
  }
  if (idKey !== undefined && typeof idKey !== 'string') {
    throw new MalformedRequestError('`idKey` must be a string: the name of an identification key.');
  }
  if (maySetSegment !== undefined && typeof maySetSegment !== 'boolean') {
    throw new MalformedRequestError('`maySetSegment` must be a boolean.');
  }
  for (const [name, value] of Object.entries({ maxErrors, startFrom })) {
    if (!isPositiveInteger(value)) throw new MalformedRequestError(`\`${name}\` must be a positive integer.`);
  }
  for (const [name, value] of Object.entries({ onProgress, onError })) {
    if (!isFunctionIfGiven(value)) throw new MalformedRequestError(`\`${name}\` must be a function.`);
  }
  // An AbortController, passed by mistake, could stop nothing.
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw new MalformedRequestError('`signal` must be an AbortSignal.');
  }
}

function isFunctionIfGiven(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

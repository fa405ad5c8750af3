import { InvalidOptionsError } from 'dossier';

/** Limits that keep a hostile file from exhausting memory. */
export interface RowLimits {
  /** The maximum size of a row in bytes. Default 8 MiB, enough for a profile of 1 MiB with every character escaped. */
  readonly maxRowBytes?: number | undefined;
  /**
   * The maximum number of values in a row of NDJSON: objects, arrays, and the elements and members in them. Default 500,000.
   * Small values take much more memory than their text.
   */
  readonly maxRowValues?: number | undefined;
  /** The maximum number of columns of CSV. Default 10,000. */
  readonly maxColumns?: number | undefined;
}

export const DEFAULT_MAX_COLUMNS = 10_000;

/**
 * Applies the defaults.
 *
 * @throws InvalidOptionsError with a violation for each limit that is not a positive integer
 */
export function completeLimits({
  maxRowBytes = 2 ** 23,
  maxRowValues = 500_000,
  maxColumns = DEFAULT_MAX_COLUMNS,
}: RowLimits): Required<{
  [Limit in keyof RowLimits]: number;
}> {
  const limits = { maxRowBytes, maxRowValues, maxColumns };
  const violations = Object.entries(limits)
    .filter(([, limit]) => !Number.isSafeInteger(limit) || limit < 1)
    .map(([name]) => ({ pointer: `/${name}`, rule: '', expected: 'a positive integer' }));
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  return limits;
}

import { InvalidOptionsError } from 'dossier';

/** Limits that keep a hostile file from exhausting memory. */
export interface RowLimits {
  /** The maximum size of a row in bytes. Default 8 MiB, enough for a profile of 1 MiB with every character escaped. */
  readonly maxRowBytes?: number | undefined;
  /** The maximum number of columns of CSV. Default 10,000. */
  readonly maxColumns?: number | undefined;
}

/**
 * Applies the defaults.
 *
 * @throws InvalidOptionsError with a violation for each limit that is not a positive integer
 */
export function completeLimits({ maxRowBytes = 2 ** 23, maxColumns = 10_000 }: RowLimits): Required<{
  [Limit in keyof RowLimits]: number;
}> {
  const limits = { maxRowBytes, maxColumns };
  const violations = Object.entries(limits)
    .filter(([, limit]) => !Number.isSafeInteger(limit) || limit < 1)
    .map(([name]) => ({ pointer: `/${name}`, rule: '', expected: 'a positive integer' }));
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  return limits;
}

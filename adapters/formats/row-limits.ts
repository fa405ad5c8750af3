import { InvalidOptionsError } from 'dossier';

/** What a reader holds of a file at most, so that a hostile one does no harm. */
export interface RowLimits {
  /** The most bytes of one row. Default 8 MiB, enough for a profile of 1 MiB with every character escaped. */
  readonly maxRowBytes?: number | undefined;
  /** The most columns of a table. Default 10,000. */
  readonly maxColumns?: number | undefined;
}

/** @throws InvalidOptionsError if one is no positive integer */
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

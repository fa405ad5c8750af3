import type { Violations } from '../../model/violation.js';

/** The most that `minItems`, `maxItems` and `maxRecords` may be. */
export const MAX_COUNT = 1_000_000;

/** How many values or records there may be, where there is any (R24). */
export interface CountRange {
  readonly least: number;
  readonly most: number;
}

/** The range of `minItems` and `maxItems`; `undefined` where neither is given. */
export function itemRange(minItems: number | undefined, maxItems: number | undefined): CountRange | undefined {
  if (minItems === undefined && maxItems === undefined) return undefined;
  return { least: minItems ?? 0, most: maxItems ?? Number.POSITIVE_INFINITY };
}

/** Reports a number of values that is out of range. No value at all is in every range. */
export function checkItemCount(range: CountRange, count: number, pointer: string, violations: Violations): void {
  if (count === 0) return;
  if (count < range.least) violations.add(pointer, 'R24', `at least ${range.least} values (\`minItems\`)`);
  if (count > range.most) violations.add(pointer, 'R24', `at most ${range.most} values (\`maxItems\`)`);
}

/**
 * Reports a number of records that is too large.
 *
 * @param most `undefined` where any number is allowed
 */
export function checkRecordCount(
  most: number | undefined,
  count: number,
  pointer: string,
  violations: Violations,
): void {
  if (most !== undefined && count > most) violations.add(pointer, 'R24', `at most ${most} records (\`maxRecords\`)`);
}

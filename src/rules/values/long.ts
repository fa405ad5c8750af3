import type { ValueCheck } from './value-check.js';

const DECIMAL = /^-?[1-9][0-9]{15,18}$/;
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A JSON integer up to ±(2^53−1), the range in which a double represents every integer exactly. Beyond it, and only
 * there, a decimal string within the signed 64-bit range. So each value has exactly one form.
 */
export const longCheck: ValueCheck = {
  expected: `an integer up to ±${Number.MAX_SAFE_INTEGER}, or beyond that a decimal string up to the signed 64-bit range`,
  accept: (value) => {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
    return typeof value === 'string' && isBeyondExact(value) ? value : undefined;
  },
};

function isBeyondExact(value: string): boolean {
  if (!DECIMAL.test(value)) return false;
  const integer = BigInt(value);
  return integer >= MIN && integer <= MAX && (integer > MAX_EXACT || integer < -MAX_EXACT);
}

import type { ValueCheck } from './value-check.js';

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

/** A JSON integer in the signed 32-bit range. `1.0` and `1e0` are the same IEEE 754 double as `1` (RFC 8259 §6). */
export const integerCheck: ValueCheck = {
  expected: `an integer from ${MIN} to ${MAX}`,
  // Adding 0 turns −0 into 0.
  accept: (value) => {
    const isAccepted = typeof value === 'number' && Number.isInteger(value) && value >= MIN && value <= MAX;
    return isAccepted ? value + 0 : undefined;
  },
};

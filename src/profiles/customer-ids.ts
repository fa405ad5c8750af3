import { randomInt } from 'node:crypto';

/** In the order of their bytes, so that ids sort as the numbers do that they write. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HALF = 8;

/** Random steps up to this leave room for 2^14 ids in one millisecond even from the highest beginning. */
const MAX_STEP = 2 ** 32;
const MAX_TAIL = 62 ** HALF;

/** `crypto.randomInt` takes a range below 2^48, and 62^8 is less than that. */
const MAX_FIRST_TAIL = MAX_TAIL - MAX_STEP * 2 ** 14;

/**
 * Makes a generator of customer ids: 16 characters of `0-9A-Za-z` that sort by creation time. Eight write the milliseconds
 * since 1970 (enough until the year 8888); eight are random at first and grow within one millisecond. The ids of one
 * generator sort even when the clock is set back.
 */
export function customerIdGenerator(now: () => Date): () => string {
  let time = 0;
  let tail = 0;
  const begin = (at: number) => {
    time = at;
    tail = randomInt(MAX_FIRST_TAIL);
  };
  return () => {
    const current = now().getTime();
    if (current > time) begin(current);
    else {
      tail += randomInt(1, MAX_STEP);
      if (tail >= MAX_TAIL) begin(time + 1);
    }
    return write(time) + write(tail);
  };
}

function write(value: number): string {
  let rest = value;
  let digits = '';
  for (let place = 0; place < HALF; place += 1) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

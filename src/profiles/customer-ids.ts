import { randomInt } from 'node:crypto';

/** The digits in byte order, so that ids sort like the numbers that they encode. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HALF = 8;

/** The maximum random step. Leaves room for 2^14 ids in one millisecond, even from the highest start. */
const MAX_STEP = 2 ** 32;
const MAX_TAIL = 62 ** HALF;

/** Within the range of `crypto.randomInt`, which is below 2^48. */
const MAX_FIRST_TAIL = MAX_TAIL - MAX_STEP * 2 ** 14;

/**
 * Returns a generator of customer ids: 16 characters of `0-9A-Za-z` that sort by creation time. The first eight encode
 * the milliseconds since 1970 (until the year 8888). The last eight start at random and increase within a millisecond.
 * Ids of one generator always increase, even if the clock is set back.
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
    return encode(time) + encode(tail);
  };
}

function encode(value: number): string {
  let rest = value;
  let digits = '';
  for (let place = 0; place < HALF; place += 1) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

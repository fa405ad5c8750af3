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
 * Makes customer ids of 16 characters of `0-9A-Za-z` that sort by creation time: eight for the milliseconds since 1970
 * (enough until the year 8888), eight that are random at first and grow within one millisecond. Also when the clock is
 * set back, ids of one generator never do.
 */
export class CustomerIdGenerator {
  readonly #now: () => Date;
  #time = 0;
  #tail = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  next(): string {
    const time = this.#now().getTime();
    if (time > this.#time) this.#begin(time);
    else {
      this.#tail += randomInt(1, MAX_STEP);
      if (this.#tail >= MAX_TAIL) this.#begin(this.#time + 1);
    }
    return write(this.#time) + write(this.#tail);
  }

  #begin(time: number): void {
    this.#time = time;
    this.#tail = randomInt(MAX_FIRST_TAIL);
  }
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

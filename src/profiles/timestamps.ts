import { randomInt } from 'node:crypto';

/** Profile views have milliseconds; a stored creation timestamp has six digits more. */
export const VIEW_LENGTH = 'YYYY-MM-DDTHH:mm:ss.SSS'.length;
const EXTRA_DIGITS = 6;

/** The clock of a host that gives none. */
export function systemClock(): Date {
  return new Date();
}

/**
 * Returns a generator of creation timestamps, practically unique: the six digits after the milliseconds are a counter
 * with a random start. Distinguishes a recreated profile from its predecessor under the same customer id, even if both
 * were created in the same millisecond.
 */
export function creationTimestamps(now: () => Date): () => string {
  let count = randomInt(10 ** EXTRA_DIGITS);
  return () => {
    count = (count + 1) % 10 ** EXTRA_DIGITS;
    return `${now().toISOString().slice(0, VIEW_LENGTH)}${String(count).padStart(EXTRA_DIGITS, '0')}Z`;
  };
}

/** The view of a stored timestamp: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
export function timestampView(stored: string): string {
  return `${stored.slice(0, VIEW_LENGTH)}Z`;
}

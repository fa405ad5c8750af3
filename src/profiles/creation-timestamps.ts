import { randomInt } from 'node:crypto';

/** Of a second: how many digits are answered, and how many more are stored of a creation. */
const ANSWERED = 'YYYY-MM-DDTHH:mm:ss.SSS'.length;
const MORE_DIGITS = 6;

/**
 * Makes the instants at which profiles are created, each different from all others: six digits after the milliseconds
 * count on from a random beginning. By it a profile is told from a former one that had its customer id, and its
 * revisions, before; also when that was deleted in the same millisecond.
 */
export function creationTimestamps(now: () => Date): () => string {
  let count = randomInt(10 ** MORE_DIGITS);
  return () => {
    count = (count + 1) % 10 ** MORE_DIGITS;
    return `${now().toISOString().slice(0, ANSWERED)}${String(count).padStart(MORE_DIGITS, '0')}Z`;
  };
}

/** A stored instant as it is answered: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
export function timestampView(stored: string): string {
  return `${stored.slice(0, ANSWERED)}Z`;
}

/** Whether a profile that was created at the stored instant is the one known by this instant, stored or answered. */
export function isSameCreation(known: string, stored: string): boolean {
  return known === stored || known === timestampView(stored);
}

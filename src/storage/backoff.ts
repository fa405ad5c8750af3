import { setTimeout } from 'node:timers/promises';

/** The longest pause between two attempts, in milliseconds, unless the caller names another. */
const MAX_DELAY_MS = 100;

/**
 * Pauses before another attempt: exponential backoff with full jitter, so that writers of the same data do not meet again
 * and again.
 *
 * @param attempt how many attempts have failed, from 1
 * @param maxDelayMs the longest pause, in milliseconds. Default 100
 */
export function backoff(attempt: number, maxDelayMs = MAX_DELAY_MS): Promise<void> {
  return setTimeout(Math.random() * Math.min(2 ** attempt, maxDelayMs));
}

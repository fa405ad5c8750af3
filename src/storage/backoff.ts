import { setTimeout } from 'node:timers/promises';

/** The default maximum pause between two attempts, in milliseconds. */
const MAX_DELAY_MS = 100;

/**
 * Pauses before another attempt: exponential backoff with full jitter, so that competing writers do not collide again.
 *
 * @param attempt the number of failed attempts, from 1
 * @param maxDelayMs the maximum pause in milliseconds. Default 100
 */
export function backoff(attempt: number, maxDelayMs = MAX_DELAY_MS): Promise<void> {
  return setTimeout(Math.random() * Math.min(2 ** attempt, maxDelayMs));
}

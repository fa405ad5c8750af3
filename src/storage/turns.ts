import { setImmediate } from 'node:timers/promises';

/** A profile with more values and records than this takes milliseconds to check, compare or copy. */
const MANY = 1_000;

/**
 * Yields to the event loop, so that timers and other requests run. Awaiting a promise is not enough: an in-memory storage
 * resolves without leaving the microtask queue.
 */
export function nextTurn(): Promise<void> {
  return setImmediate();
}

/** Yields to the event loop after a step on a large profile. Costs no promise for any other. */
export function turnAfter(profile: Documents): Promise<void> | undefined {
  return isLarge(profile) ? nextTurn() : undefined;
}

interface Documents {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Arrays of records. Any other value counts as one. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Whether each step on a profile takes long enough to yield to the event loop afterwards. */
export function isLarge({ attributes, extensions = {} }: Documents): boolean {
  let count = 0;
  for (const document of [attributes, extensions]) {
    for (const name in document) {
      const value = document[name];
      count += Array.isArray(value) ? value.length : 1;
    }
  }
  return count > MANY;
}

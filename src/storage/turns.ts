import { setImmediate } from 'node:timers/promises';

/** A profile with more values and records than this takes milliseconds to check, compare or copy. */
const MANY = 2_000;

/**
 * Ends the turn of the event loop, so that timers and other requests get theirs. Promises alone do not: a storage within
 * the process answers without a turn.
 */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** The same, after a step on so much that the next one is to have a turn of its own. */
export async function turnAfter(profile: Documents): Promise<void> {
  if (isLarge(profile)) await nextTurn();
}

interface Documents {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Lists of records; what is none counts as one. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Whether each step of an operation on a profile is to have a turn of the event loop of its own. */
export function isLarge({ attributes, extensions = {} }: Documents): boolean {
  return countValues(attributes) + countValues(extensions) > MANY;
}

function countValues(document: Readonly<Record<string, unknown>>): number {
  let count = 0;
  for (const name in document) {
    const value = document[name];
    count += Array.isArray(value) ? value.length : 1;
  }
  return count;
}

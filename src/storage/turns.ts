import { setImmediate } from 'node:timers/promises';
import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';

/** A profile with more values and records than this takes milliseconds to check, compare or copy. */
const MANY = 2_000;

/**
 * Ends the turn of the event loop, so that timers and other requests get theirs. Promises alone do not: a storage within
 * the process answers without a turn.
 */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** Whether each step of an operation on a profile is to have a turn of the event loop of its own. */
export function isLarge({
  attributes,
  extensions = {},
}: {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
}): boolean {
  let count = 0;
  for (const name in attributes) {
    const value = attributes[name];
    count += Array.isArray(value) ? value.length : 1;
  }
  for (const name in extensions) count += extensions[name]?.length ?? 0;
  return count > MANY;
}

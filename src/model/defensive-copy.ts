import { isPlainObject } from './plain-object.js';

/** How deep a row with a flat representation nests: row, members, records, record. What is deeper is no value. */
export const MAX_DEPTH = 6;

/**
 * What a caller gives, as it is now: an operation looks at it more than once and waits in between, and the caller may go on
 * to change it. Only lists and plain objects are copied, and no deeper than anything valid is; the rest is refused anyway.
 *
 * A spread defines members rather than assigning them, so that one named `__proto__` stays a member; the assignment below
 * meets only members that the copy has already.
 */
export function copyInput<Given>(given: Given, depth = MAX_DEPTH): Given {
  return copyValue(given, depth) as Given;
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  // Not by `map`, which makes another list of the same class; and a hole becomes `undefined`, which is refused as well.
  if (Array.isArray(value)) return Array.from(value, (element) => copyValue(element, depth - 1));
  if (!isPlainObject(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object') copy[name] = copyValue(member, depth - 1);
  }
  return copy;
}

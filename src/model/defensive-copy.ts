import { isNamedArray, isPlainObject } from './guards.js';

/**
 * How deep input is copied. Valid input nests less deeply: a row has members, a list of records, a record and its
 * values.
 */
export const MAX_DEPTH = 6;

/**
 * A defensive copy of a caller's input: an operation reads it several times and awaits in between, and the caller may
 * mutate it meanwhile. Copies arrays and plain objects, down to the depth of valid input; everything else is refused
 * later.
 *
 * The spread defines members rather than assigning them, so a member named `__proto__` stays a member. The assignment
 * below only replaces members that the copy already has.
 */
export function copyInput<Input>(input: Input, depth = MAX_DEPTH): Input {
  return copyValue(input, depth) as Input;
}

/** One object for all empty ones: a text of 1 MiB has room for hundreds of thousands. */
const EMPTY: Readonly<Record<string, unknown>> = Object.freeze({});

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0 || isNamedArray(value)) return value;
  if (Array.isArray(value)) return copyList(value, depth - 1);
  if (!isPlainObject(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  let isEmpty = true;
  for (const name in copy) {
    isEmpty = false;
    const member = copy[name];
    if (typeof member === 'object') copy[name] = copyValue(member, depth - 1);
  }
  return isEmpty ? EMPTY : copy;
}

/** Not by `map`, which makes another list of the same class; and a hole becomes `undefined`, which is refused as well. */
function copyList(list: readonly unknown[], depth: number): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length; index += 1) copy.push(copyValue(list[index], depth));
  return copy;
}

/**
 * Whether a value has members to read. A `Map`, a `Date` or an array has none of its own, and taking one for an empty
 * object would empty a profile in silence.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** What callers pass is no deeper: a representation, its extensions, the records of one, a record, a list of values. */
const MAX_DEPTH = 5;

/**
 * A copy of what a caller passed, so that what counts is what it was when it was passed, whatever the caller does with it
 * while the operation goes on. Values that are neither objects with members nor arrays are no data, and stay what they are
 * until they are refused.
 */
export function copyInput<Input>(input: Input, depth = MAX_DEPTH): Input {
  if (typeof input !== 'object' || input === null || depth === 0) return input;
  if (Array.isArray(input)) return input.map((element) => copyInput(element, depth - 1)) as Input;
  if (!isPlainObject(input)) return input;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(input)) {
    const value = copyInput(input[name], depth - 1);
    if (name !== '__proto__') copy[name] = value;
    else Object.defineProperty(copy, name, { value, enumerable: true });
  }
  return copy as Input;
}

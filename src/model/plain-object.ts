/**
 * Whether a value has members to read. A `Map`, a `Date` or an array has none of its own, and taking one for an empty
 * object would empty a profile in silence.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

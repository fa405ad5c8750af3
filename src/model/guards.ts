/** Whether a value is an integer from 1 to 2^53−1. */
export function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

/**
 * Whether a value is a plain object: all its members are own, enumerable data properties, and its prototype is `null`,
 * `Object.prototype`, or that of a class without accessors. A `Map`, a `Date` or an object with getters would read as
 * an empty object, and replacing a profile by it would empty the profile.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.prototype.toString.call(value) !== '[object Object]') {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isPrototypeOfClass(prototype as object)) return false;
  for (const name of Object.getOwnPropertyNames(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    if (!property?.enumerable || !('value' in property)) return false;
  }
  return true;
}

/**
 * Whether a value is an empty array that has members with names all the same, as `phones.home = …` makes them. It would
 * read as no value, and what it has would be lost.
 */
export function isNamedArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0 && Object.keys(value).length > 0;
}

/** Accepts `Object.prototype` of another realm, such as a test runner's: its only accessor is `__proto__`. */
function isPrototypeOfClass(prototype: object): boolean {
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof owner !== 'function' || owner.prototype !== prototype) return false;
  const parent: unknown = Object.getPrototypeOf(prototype);
  const names = Object.getOwnPropertyNames(prototype);
  const hasMethodsOnly = names.every((name) => (parent === null && name === '__proto__') || isMethod(prototype, name));
  return hasMethodsOnly && (parent === null || parent === Object.prototype || isPrototypeOfClass(parent as object));
}

function isMethod(prototype: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function';
}

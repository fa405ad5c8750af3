/**
 * Whether a value is a plain object: all its members are own, enumerable data properties, and its prototype is `null`,
 * `Object.prototype`, or that of a class without accessors. A `Map`, a `Date` or an object with getters would read as
 * an empty object, and replacing a profile by it would empty the profile.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.prototype.toString.call(value) !== '[object Object]') {
    return false;
  }
  return hasPlainPrototype(value) && Object.getOwnPropertyNames(value).every((name) => isData(value, name));
}

function hasPlainPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return typeof prototype === 'object' && isPrototypeOfClass(prototype as object);
}

/** Accepts `Object.prototype` of another realm, such as a test runner's: its only accessor is `__proto__`. */
function isPrototypeOfClass(prototype: object): boolean {
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof owner !== 'function' || owner.prototype !== prototype) return false;
  const isRoot = Object.getPrototypeOf(prototype) === null;
  return (
    Object.getOwnPropertyNames(prototype).every(
      (name) => (isRoot && name === '__proto__') || isMethod(prototype, name),
    ) &&
    (isRoot || hasPlainPrototype(prototype))
  );
}

function isMethod(prototype: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function';
}

function isData(value: object, name: string): boolean {
  const property = Object.getOwnPropertyDescriptor(value, name);
  return property !== undefined && 'value' in property && property.enumerable === true;
}

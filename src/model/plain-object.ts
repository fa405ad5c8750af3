/**
 * Whether a value is plain data: an object whose values are all own, enumerable data properties, so that what we read of
 * it is all there is. Its prototype is `null`, `Object.prototype`, or that of a class without accessors. A `Map`, a `Date`,
 * or a class with getters would look like an empty object, and a replacement by it would empty the profile.
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

/** `Object.prototype` of another realm, such as that of a test runner, is one as well: its only accessor is `__proto__`. */
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

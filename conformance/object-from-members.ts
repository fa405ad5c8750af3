/** An object with these own members. An assignment of `__proto__` would set the prototype instead. */
export function objectFromMembers<T>(members: readonly (readonly [string, T])[]): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [name, value] of members) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** A deep copy of JSON data. `structuredClone` takes many times as long, and the kit makes thousands of changes. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  // Not by assignment: a member may be named `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)])) as T;
}

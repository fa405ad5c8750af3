const MAX_SHOWN = 120;

/**
 * Where two documents differ first, in words; `undefined` when they do not. Neither prototypes nor the order of members
 * count, and a member that is `undefined` is the same as none.
 */
export function differenceBetween(actual: unknown, expected: unknown, path = ''): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      return `${placeOf(path)}: expected ${expected.length} items, got ${actual.length}: ${shown(actual)}`;
    }
    return firstOf(expected.keys(), (index) => differenceBetween(actual[index], expected[index], `${path}/${index}`));
  }
  if (isObject(actual) && isObject(expected)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return firstOf(names, (name) => differenceBetween(own(actual, name), own(expected, name), `${path}/${name}`));
  }
  return `${placeOf(path)}: expected ${shown(expected)}, got ${shown(actual)}`;
}

/** A value as JSON, cut to a length that can be read. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)`;
}

function firstOf<T>(items: Iterable<T>, difference: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = difference(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An inherited member is none: a document that lacks `constructor` must not seem to have one. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function placeOf(path: string): string {
  return path === '' ? 'at the top' : `at ${path}`;
}

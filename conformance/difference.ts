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

/** A value as JSON, cut to a length that can be read. What JSON has no form for is called by what it is. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)`;
}

function firstOf<T>(items: Iterable<T>, difference: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = difference(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, asItIs) ?? String(value);
  } catch {
    // It contains itself.
    return String(value);
  }
}

/** Has a `Date` not look like the text that was expected in its place, and a `bigint` not throw. */
function asItIs(this: unknown, name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `bigint ${value}`;
  const kind = kindOf(Reflect.get(Object(this), name));
  return ['Object', 'Array', 'String', 'Number', 'Boolean', 'Null', 'Undefined'].includes(kind)
    ? value
    : `${kind} ${JSON.stringify(value)}`;
}

/** A JSON object: a `Map` or a `Date` has no members, and must not pass for an empty one. */
function isObject(value: unknown): value is Record<string, unknown> {
  return kindOf(value) === 'Object';
}

/** Not by `instanceof`: jest runs tests in a realm with classes of its own. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** An inherited member is none: a document that lacks `constructor` must not seem to have one. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function placeOf(path: string): string {
  return path === '' ? 'at the top' : `at ${path}`;
}

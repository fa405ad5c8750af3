const MAX_LENGTH = 120;
const MAX_OUTLINE = 4_000;
const MAX_TEXT = 200;
const MAX_ITEMS = 8;
const MAX_DEPTH = 12;

/**
 * Describes the first difference between two documents; `undefined` if they are equal. Prototypes and member order are
 * ignored, and an `undefined` member equals an absent one.
 */
export function firstDifference(actual: unknown, expected: unknown, path = ''): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      return `${locationOf(path)}: expected ${expected.length} items, got ${actual.length}: ${abbreviated(actual)}`;
    }
    return firstDefined(expected.keys(), (index) =>
      firstDifference(actual[index], expected[index], `${path}/${index}`),
    );
  }
  if (isObject(actual) && isObject(expected)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return firstDefined(names, (name) => firstDifference(own(actual, name), own(expected, name), `${path}/${name}`));
  }
  return `${locationOf(path)}: expected ${abbreviated(expected)}, got ${abbreviated(actual)}`;
}

/** A value as JSON, cut to a readable length. A value that JSON cannot express is prefixed with its class. */
export function abbreviated(value: unknown): string {
  const text = textOf(value);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}

/** An outline as JSON, cut to a readable length. */
export function outlineText(outline: unknown): string {
  const text = textOf(outline);
  return text.length <= MAX_OUTLINE ? text : `${text.slice(0, MAX_OUTLINE)}… (${text.length} characters)`;
}

/**
 * A copy of a value in which long lists and texts lack their middle, and nothing else is cut: what it is remains to be
 * seen, whatever its size.
 */
export function outlineOf(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    if (value.length <= MAX_TEXT) return value;
    return `${value.slice(0, MAX_TEXT / 2)}… ${value.length - MAX_TEXT} more …${value.slice(-MAX_TEXT / 2)}`;
  }
  if (typeof value !== 'object' || value === null) return value;
  // Beyond a depth that documents do not have, there may be a circle.
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const item = (one: unknown) => outlineOf(one, depth + 1);
    if (value.length <= MAX_ITEMS) return value.map(item);
    const left = MAX_ITEMS / 2;
    const more = `… ${value.length - MAX_ITEMS} more …`;
    return [...value.slice(0, left).map(item), more, ...value.slice(-left).map(item)];
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, outlineOf(own(value, name), depth + 1)]));
}

function firstDefined<T>(items: Iterable<T>, difference: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = difference(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, markClass) ?? String(value);
  } catch {
    // A circular structure.
    return String(value);
  }
}

/** JSON replacer: marks a `Date` and other classes, which would look like plain JSON, and a `bigint`, which would throw. */
function markClass(this: unknown, name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `bigint ${value}`;
  const className = classOf(Reflect.get(Object(this), name));
  return ['Object', 'Array', 'String', 'Number', 'Boolean', 'Null', 'Undefined'].includes(className)
    ? value
    : `${className} ${JSON.stringify(value)}`;
}

/** Whether a value is a JSON object. A `Map` or a `Date` has no own members and must not pass for `{}`. */
function isObject(value: unknown): value is Record<string, unknown> {
  return classOf(value) === 'Object';
}

/** Not by `instanceof`: jest runs tests in a realm with its own classes. */
function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** Ignores inherited members: a document without `constructor` must not appear to have one. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function locationOf(path: string): string {
  return path === '' ? 'at the root' : `at ${path}`;
}

import type { AttributeDefinition } from 'dossier';

/** What a browser can check of the formats; the service checks the rest (R24). */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['email', String.raw`[^@\s]+@[^@\s]+`],
  ['uuid', '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'],
  ['phone', String.raw`\+[1-9]\d{1,14}`],
  ['country', '[A-Z]{2}'],
  ['currency-code', '[A-Z]{3}'],
]);

const TYPES: ReadonlyMap<string, string> = new Map([
  ['long', String.raw`-?\d{1,19}`],
  ['currency', String.raw`-?\d+(?:\.\d+)?`],
  ['datetime', String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+\-]\d\d:\d\d)`],
]);

/** Operators of character classes that browsers have, and other engines not. */
const SET_OPERATORS = /--|&&/;

/**
 * The `pattern` of a field: the whole text must match. Browsers count UTF-16 code units in `maxlength`, which would refuse
 * texts that the service takes, so that lengths are a part of the pattern, which counts code points.
 *
 * @param published the pattern in the JSON Schema, which has those alone that ECMAScript reads alike (R25)
 */
export function browserPattern(definition: AttributeDefinition, published: string | undefined): string | undefined {
  const { type, length = 256, minLength = 0, format = '' } = definition;
  if (type !== 'string') return TYPES.get(type);
  const own = published !== undefined && isReadByBrowsers(published) ? published : undefined;
  const formats = FORMATS.get(format);
  const parts = [own, formats].flatMap((part) => (part === undefined ? [] : [`(?=(?:${part})$)`]));
  return `${parts.join('')}[\\s\\S]{${minLength},${length}}`;
}

/** Browsers compile patterns with the flag `v`, and ignore those that do not compile. */
function isReadByBrowsers(pattern: string): boolean {
  if (SET_OPERATORS.test(pattern)) return false;
  try {
    new RegExp(pattern, 'v');
    return true;
  } catch {
    return false;
  }
}

/** The patterns of the JSON Schema of a tenant's profiles, by the pointer to the attribute's definition. */
export function publishedPatterns(jsonSchema: unknown): (pointer: string) => string | undefined {
  return (pointer) => {
    const found = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((schema, name) => propertyOf(schema, name), jsonSchema);
    return firstPattern(found);
  };
}

/** Each definition may stand among alternatives, such as `null` or a list. */
function propertyOf(schema: unknown, name: string): unknown {
  for (const one of alternativesOf(schema)) {
    const property = (one.properties as Record<string, unknown> | undefined)?.[name];
    if (property !== undefined) return property;
  }
  return undefined;
}

function firstPattern(schema: unknown): string | undefined {
  for (const one of alternativesOf(schema)) {
    // Beside a pattern of its own, a text has the one of well-formed text in `allOf`.
    if (typeof one.pattern === 'string' && 'allOf' in one) return one.pattern;
  }
  return undefined;
}

function alternativesOf(schema: unknown): readonly Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const one = schema as Record<string, unknown>;
  const others = [...(Array.isArray(one.anyOf) ? one.anyOf : []), ...(one.items === undefined ? [] : [one.items])];
  return [one, ...others.flatMap(alternativesOf)];
}

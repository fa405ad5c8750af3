import type { AttributeDefinition } from 'dossier';
import { type Bounds, currencyJsonSchema } from './currency-json-schema.js';
import { ecmaScriptPattern } from './ecmascript-pattern.js';
import type { JsonSchema } from './json-schema.js';

const DEFAULT_LENGTH = 256;

/** Well-formed Unicode without U+0000. */
const TEXT = '^[^\\u0000\\ud800-\\udfff]*$';

const YEAR = '(?!0000)[0-9]{4}';
const DAY = `${YEAR}-[0-9]{2}-[0-9]{2}`;
const TIME_OF_DAY = '([01][0-9]|2[0-3]):[0-5][0-9]';

/** The formats of R24 that JSON Schema has. */
const FORMATS: ReadonlySet<unknown> = new Set(['email', 'uri', 'uuid']);

/** The JSON Schema of one value of an attribute, with its constraints as far as JSON Schema can express them (R24). */
export function valueJsonSchema(definition: AttributeDefinition): JsonSchema {
  const { oneOf } = definition;
  // A `currency` equals a choice in many forms.
  const choices = oneOf !== undefined && definition.type !== 'currency' && { enum: [...new Set(oneOf)] };
  return { ...typeJsonSchema(definition), ...choices };
}

function typeJsonSchema(definition: AttributeDefinition): JsonSchema {
  switch (definition.type) {
    case 'string':
      return textJsonSchema(definition);
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1, ...numericBounds(definition) };
    case 'long':
      return longJsonSchema(definition);
    case 'double':
      return { type: 'number', ...numericBounds(definition) };
    case 'currency':
      return currencyJsonSchema(definition);
    case 'date':
      return { type: 'string', format: 'date', pattern: `^${DAY}$` };
    case 'datetime':
      return {
        type: 'string',
        format: 'date-time',
        pattern: `^${DAY}T${TIME_OF_DAY}:[0-5][0-9](\\.[0-9]{1,3})?(Z|[+-]${TIME_OF_DAY})$`,
      };
  }
}

function textJsonSchema({ length = DEFAULT_LENGTH, minLength, pattern, format }: AttributeDefinition): JsonSchema {
  const own = pattern === undefined ? undefined : ecmaScriptPattern(pattern);
  return {
    type: 'string',
    // JSON Schema counts code points, as these do.
    ...(minLength !== undefined && { minLength }),
    maxLength: length,
    ...(own === undefined ? { pattern: TEXT } : { pattern: own, allOf: [{ pattern: TEXT }] }),
    ...(FORMATS.has(format) && { format }),
  };
}

function longJsonSchema(definition: AttributeDefinition): JsonSchema {
  const [minimum, maximum] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return {
    anyOf: [
      { type: 'integer', minimum, maximum, ...numericBounds(definition) },
      { type: 'string', pattern: '^-?[1-9][0-9]{15,18}$', description: 'Only for values beyond ±(2^53−1).' },
    ],
  };
}

/** Bounds that are numbers. A `long` beyond 2^53 is a string, of which JSON Schema has no bounds. */
function numericBounds({ minimum, maximum }: AttributeDefinition): Bounds {
  return {
    ...(typeof minimum === 'number' && { minimum }),
    ...(typeof maximum === 'number' && { maximum }),
  };
}

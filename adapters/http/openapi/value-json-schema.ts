import type { AttributeDefinition } from 'dossier';
import type { JsonSchema } from './json-schema.js';

const DEFAULT_LENGTH = 256;

/** Well-formed Unicode without U+0000. */
const TEXT = '^[^\\u0000\\ud800-\\udfff]*$';

const YEAR = '(?!0000)[0-9]{4}';
const DAY = `${YEAR}-[0-9]{2}-[0-9]{2}`;
const TIME_OF_DAY = '([01][0-9]|2[0-3]):[0-5][0-9]';

/** At most 19 digits: one pattern per number of fractional digits. Trailing zeros do not count. */
const CURRENCY_DIGITS = [
  '[0-9]{1,19}(\\.0+)?',
  '[0-9]{1,18}\\.[0-9]0*',
  '[0-9]{1,17}\\.[0-9]{2}0*',
  '[0-9]{1,16}\\.[0-9]{3}0*',
  '[0-9]{1,15}\\.[0-9]{4}0*',
];

const SCHEMAS: Readonly<Record<Exclude<AttributeDefinition['type'], 'string'>, JsonSchema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  long: {
    anyOf: [
      { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^-?[1-9][0-9]{15,18}$', description: 'Only for values beyond ±(2^53−1).' },
    ],
  },
  double: { type: 'number' },
  currency: {
    anyOf: [
      { type: 'string', pattern: `^-?0*(${CURRENCY_DIGITS.join('|')})$` },
      { type: 'number', description: 'At most 15 significant digits, at most 4 of them fractional.' },
    ],
  },
  date: { type: 'string', format: 'date', pattern: `^${DAY}$` },
  datetime: {
    type: 'string',
    format: 'date-time',
    pattern: `^${DAY}T${TIME_OF_DAY}:[0-5][0-9](\\.[0-9]{1,3})?(Z|[+-]${TIME_OF_DAY})$`,
  },
};

/** The JSON Schema of one value of a type; `length` applies to strings only. */
export function valueJsonSchema(type: AttributeDefinition['type'], length: number = DEFAULT_LENGTH): JsonSchema {
  // JSON Schema counts code points, as `length` does.
  return type === 'string' ? { type: 'string', maxLength: length, pattern: TEXT } : SCHEMAS[type];
}

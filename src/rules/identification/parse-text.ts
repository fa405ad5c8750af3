import type { ValueType } from '../../model/schema.js';

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Longer than any number that an attribute accepts. */
const MAX_NUMBER_LENGTH = 400;

/**
 * Parses a value from a URL or a file into the JSON value of the type (W6), such as `true`, `42` or `1962-05-10`. Text
 * that does not parse is returned as a string, which the check of the type then accepts or refuses as in a
 * representation.
 */
export function parseText(type: ValueType, text: string): unknown {
  switch (type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'double':
      return parseNumber(text);
    case 'long': {
      const number = parseNumber(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    default:
      return text;
  }
}

/** Returns the text itself if it is not a number. */
function parseNumber(text: string): unknown {
  return text.length <= MAX_NUMBER_LENGTH && JSON_NUMBER.test(text) ? Number(text) : text;
}

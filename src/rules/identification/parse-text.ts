import type { ValueType } from '../../model/schema.js';

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Beyond this many characters no number is written that an attribute could keep. */
const MAX_NUMBER_LENGTH = 400;

/**
 * A value as a URL or a file writes it, turned into what JSON would have for the type (W6): `true`, `42`, `1962-05-10`.
 * What does not parse stays a string, which the type then refuses, or not, as it does in a representation.
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

/** Answers the text itself where it is no number. */
function parseNumber(text: string): unknown {
  return text.length <= MAX_NUMBER_LENGTH && JSON_NUMBER.test(text) ? Number(text) : text;
}

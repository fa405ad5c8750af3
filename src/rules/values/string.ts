import type { ValueCheck } from './value-check.js';

export const DEFAULT_STRING_LENGTH = 256;
export const MAX_STRING_LENGTH = 65_535;

/** Well-formed Unicode without U+0000, of at most `length` code points. Stored verbatim. */
export function stringCheck(length: number): ValueCheck {
  return {
    expected: `a string of at most ${length} code points, well-formed and without U+0000`,
    accept: (value) =>
      typeof value === 'string' &&
      (value.length <= length || hasAtMost(value, length)) &&
      value.isWellFormed() &&
      !value.includes('\0')
        ? value
        : undefined,
  };
}

/** A code point is one or two UTF-16 code units, so a text with no more of these needs no counting. */
function hasAtMost(value: string, length: number): boolean {
  if (value.length > 2 * length) return false;
  let count = 0;
  for (const _ of value) count += 1;
  return count <= length;
}

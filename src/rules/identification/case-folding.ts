const folded = new Map<string, string>();

/** ASCII text: NFKC does not change it, and `toLowerCase` is its case folding. */
const ASCII = /^[ -~]*$/;

const CASED = /\p{Changes_When_Casemapped}/gu;

/** The maximum number of cached characters. Unicode has fewer cased characters today, but may add more. */
const MEMORY = 4_096;

/**
 * More combining marks in a row than any language writes. Normalization sorts marks by insertion, in quadratic time: a
 * hostile text of 65,535 marks would block the process for seconds. So U+034F, past which normalization moves no mark,
 * is inserted after every 512, as in the Stream-Safe Text Format (UAX #15, section 13).
 */
const MANY_MARKS = /[\p{M}\uFF9E\uFF9F]{512}/gu;
const GRAPHEME_JOINER = '\u034F';

/**
 * Folds a text for case-insensitive comparison: NFKC, then Unicode simple case folding (R18). JavaScript has no such
 * function. `toLowerCase` does not suffice: it keeps `ς` and `σ` apart, and turns `İ` into two characters. But a
 * regular expression with the flags `i` and `u` compares by simple case folding (ECMA-262, Canonicalize).
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return normalize(text).replace(CASED, foldCharacter);
}

function normalize(text: string): string {
  const bounded = text.length < 512 ? text : text.replace(MANY_MARKS, `$&${GRAPHEME_JOINER}`);
  return bounded.normalize('NFKC');
}

function foldCharacter(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  const fold = representative(character);
  if (folded.size < MEMORY) folded.set(character, fold);
  return fold;
}

/** A fixed representative of the characters that have the same case folding. */
function representative(character: string): string {
  const lower = character.toLowerCase();
  const candidates = [character.toUpperCase().toLowerCase(), lower];
  return candidates.find((candidate) => foldAlike(candidate, character)) ?? character;
}

function foldAlike(one: string, other: string): boolean {
  const point = one.codePointAt(0) ?? 0;
  return new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(other) && String.fromCodePoint(point) === one;
}

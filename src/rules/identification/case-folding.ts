const folded = new Map<string, string>();

/** Text that NFKC leaves as it is, and of which `toLowerCase` is the folding. */
const ASCII = /^[ -~]*$/;

const CASED = /\p{Changes_When_Casemapped}/gu;

/** The most characters that are remembered: Unicode has fewer with case, but may get more. */
const MEMORY = 4_096;

/**
 * So many marks in a row that no language writes. Normalization puts marks in order by insertion, whose time grows with the
 * square of their number: a hostile text of 65,535 would hold up the process for seconds. So they are put in order 512 at a
 * time, as in the Stream-Safe Text Format (UAX #15, 13): U+034F stands between, past which no mark is moved.
 */
const MANY_MARKS = /[\p{M}\uFF9E\uFF9F]{512}/gu;
const GRAPHEME_JOINER = '\u034F';

/**
 * A text in the form in which case is of no account: NFKC, then Unicode simple case folding (R18). JavaScript has no
 * such function, and `toLowerCase` alone parts `ς` from `σ` and joins `İ` with two characters; but `i` and `u` together
 * make a regular expression compare by simple case folding (ECMA-262, Canonicalize), which decides here.
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

/** One of the characters that fold to the same, and the same one for all of them. */
function representative(character: string): string {
  const lower = character.toLowerCase();
  const candidates = [character.toUpperCase().toLowerCase(), lower];
  return candidates.find((candidate) => foldAlike(candidate, character)) ?? character;
}

function foldAlike(one: string, other: string): boolean {
  const point = one.codePointAt(0) ?? 0;
  return new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(other) && String.fromCodePoint(point) === one;
}

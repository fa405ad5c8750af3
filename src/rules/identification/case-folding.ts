const folded = new Map<string, string>();

/** Text that NFKC leaves as it is, and of which `toLowerCase` is the folding. */
const ASCII = /^[ -~]*$/;

/** The most characters that are remembered: Unicode has fewer with case, but may get more. */
const MEMORY = 4_096;

/**
 * A text in the form in which case is of no account: NFKC, then Unicode simple case folding (R18). JavaScript has no
 * such function, and `toLowerCase` alone parts `ς` from `σ` and joins `İ` with two characters; but `i` and `u` together
 * make a regular expression compare by simple case folding (ECMA-262, Canonicalize), which decides here.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let result = '';
  for (const character of text.normalize('NFKC')) result += foldCharacter(character);
  return result;
}

function foldCharacter(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  // Most characters of the world have no case. Remembered, they would leave no room for those that do.
  if (character.toLowerCase() === character && character.toUpperCase() === character) return character;
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

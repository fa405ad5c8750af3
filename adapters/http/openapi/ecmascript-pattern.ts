/** `{2}`, `*?` and the like, once: RE2 and ECMAScript both refuse a second one. */
const REPETITION = String.raw`(?:(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?![*+?{]))?`;

/** General categories of Unicode, which both know by these names. */
const CATEGORY = String.raw`\\[pP]\{(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\}`;

const ESCAPE = String.raw`\\[nrtfvdDwW]|\\x[0-9A-Fa-f]{2}|${CATEGORY}|\\[\^$\\.*+?()[\]{}|/]`;

/** A character of a class that means itself. `[` stands before the name of a POSIX class. */
const CHARACTER = String.raw`[^\\[\]^-]`;

const IN_CLASS = String.raw`${CHARACTER}(?:-${CHARACTER})?|${ESCAPE}|\\-`;

const CLASS = String.raw`\[\^?(?:${IN_CLASS})+-?\]`;

/** `.` is not here: only RE2 lets it be a carriage return. */
const ATOM = String.raw`[^\\^$.*+?()[\]{}|]|${ESCAPE}|${CLASS}`;

/** What RE2 and ECMAScript with the flag `u` read alike. Flags, named groups and `\s`, among others, they do not. */
const ALIKE = new RegExp(
  String.raw`^(?:(?:${ATOM})${REPETITION}|\((?:\?:)?(?!\?)|\)${REPETITION}|\||[\^$](?![*+?{]))*$`,
  'u',
);

/** The pattern for JSON Schema, which looks for it anywhere in a text. `undefined` where it might be read differently. */
export function ecmaScriptPattern(pattern: string): string | undefined {
  return ALIKE.test(pattern) ? `^(?:${pattern})$` : undefined;
}

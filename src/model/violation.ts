/**
 * A violation of a rule by a representation, a definition or an option (R11). It names the member, never the value,
 * which may be personal data.
 */
export interface Violation {
  /** RFC 6901 JSON pointer to the member of the input, in the case of the input. */
  readonly pointer: string;
  /** The number of the violated rule, such as `R9`. Empty for an option. */
  readonly rule: string;
  /** The expected value, in words. */
  readonly expected: string;
}

/** The maximum number of violations in one report (R11). */
export const MAX_VIOLATIONS = 100;

/** The most characters of a name that a pointer shows: twice as many as a valid one has. */
const MAX_SHOWN_NAME = 128;

/**
 * Extends an RFC 6901 pointer by one member name or index. Of a name that is far too long it has the beginning, and
 * `…`.
 */
export function pointerTo(parent: string, member: string | number): string {
  const name = shortened(String(member));
  // The fast path: declared names contain neither, and a pointer is made for every member that is checked.
  if (!name.includes('~') && !name.includes('/')) return `${parent}/${name}`;
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A copy, since a part of a text keeps the whole of it in memory, which may have megabytes. */
function shortened(name: string): string {
  if (name.length <= MAX_SHOWN_NAME) return name;
  return `${Array.from(name.slice(0, MAX_SHOWN_NAME)).join('').toWellFormed()}…`;
}

/** Gathers violations up to a number; a check may stop early once it is full. */
export class Violations {
  readonly #items: Violation[] = [];
  readonly #most: number;

  constructor(most: number = MAX_VIOLATIONS) {
    this.#most = most;
  }

  get full(): boolean {
    return this.#items.length >= this.#most;
  }

  get count(): number {
    return this.#items.length;
  }

  get items(): readonly Violation[] {
    return this.#items;
  }

  add(pointer: string, rule: string, expected: string): void {
    if (!this.full) this.#items.push({ pointer, rule, expected });
  }

  /** Adds a violation by an element of the list at a pointer. Without an index, by the single value that is there. */
  addElement(pointer: string, index: number | undefined, rule: string, expected: string): void {
    this.add(index === undefined ? pointer : pointerTo(pointer, index), rule, expected);
  }
}

const SHOWN = 3;

/** An error message with the first few violations. The error itself carries all of them. */
export function violationSummary(subject: string, violations: readonly Violation[]): string {
  const shown = violations
    .slice(0, SHOWN)
    .map(({ pointer, expected }) => `${pointer.slice(0, 100) || '(the whole)'}: expected ${expected}`);
  const more = violations.length - shown.length;
  return `${subject} is not valid. ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

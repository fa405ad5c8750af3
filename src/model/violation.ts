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

/** Appends a member name or an index to an RFC 6901 JSON pointer. */
export function pointerTo(parent: string, member: string | number): string {
  const name = String(member);
  // The fast path: declared names contain neither, and a pointer is made for every member that is checked.
  if (!name.includes('~') && !name.includes('/')) return `${parent}/${name}`;
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Collects violations, up to {@link MAX_VIOLATIONS}. A check may stop early once it is full. */
export class Violations {
  readonly #items: Violation[] = [];

  get full(): boolean {
    return this.#items.length >= MAX_VIOLATIONS;
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

import type { Violation } from '../rules/violation.js';

const SHOWN = 3;

/** A message that tells the first few violations; the error carries all of them. */
export function violationSummary(subject: string, violations: readonly Violation[]): string {
  const shown = violations
    .slice(0, SHOWN)
    .map(({ pointer, expected }) => `${pointer.slice(0, 100) || '(the whole)'}: expected ${expected}`);
  const more = violations.length - shown.length;
  return `${subject} is not valid. ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

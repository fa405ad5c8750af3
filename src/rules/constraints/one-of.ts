import type { ScalarValue } from '../../model/profile.js';
import type { ValueConstraint } from './value-constraint.js';

/** The most values of `oneOf`. */
export const MAX_CHOICES = 1_000;

/** Up to so many characters, a violation lists the values. */
const MAX_LISTED = 100;

/** One of these values, as stored. */
export function oneOf(values: readonly ScalarValue[]): ValueConstraint {
  const choices = new Set(values);
  return { expected: `one of ${listed(values)} (\`oneOf\`)`, allows: (value) => choices.has(value) };
}

function listed(values: readonly ScalarValue[]): string {
  const list = values.slice(0, MAX_LISTED).join(', ');
  return list.length <= MAX_LISTED ? list : `${values.length} values`;
}

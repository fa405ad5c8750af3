import type { ScalarValue } from '../../model/profile.js';
import type { ValueConstraint } from './value-constraint.js';

/** The most values of `oneOf`. */
export const MAX_CHOICES = 1_000;

/** Up to so many characters in all, a violation lists the values. */
const MAX_LISTED = 100;

/** One of these values, as stored. They were checked against the other constraints when they were defined. */
export function oneOf(values: readonly ScalarValue[]): ValueConstraint {
  const choices = new Set(values);
  return { expected: `one of ${listed(values)} (\`oneOf\`)`, allows: (value) => choices.has(value), decides: true };
}

function listed(values: readonly ScalarValue[]): string {
  let list = '';
  for (const value of values) {
    list += `${list && ', '}${value}`;
    if (list.length > MAX_LISTED) return `${values.length} values`;
  }
  return list;
}

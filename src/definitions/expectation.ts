import type { ValidationOptions } from 'class-validator';

/** What a decorator of a definition class says when it fails: the rule, and what was expected (R11). */
export function expects(rule: string, expected: string, options: ValidationOptions = {}): ValidationOptions {
  return { ...options, message: expected, context: { rule } };
}

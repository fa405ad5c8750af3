import type { ValidationOptions } from 'class-validator';

/**
 * Options for a class-validator decorator: the violation that it reports names this rule and this expectation (R11).
 */
export function expects(rule: string, expected: string, options: ValidationOptions = {}): ValidationOptions {
  return { ...options, message: expected, context: { rule } };
}

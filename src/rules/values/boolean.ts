import type { ValueCheck } from './value-check.js';

/** `true` or `false`. */
export const booleanCheck: ValueCheck = {
  expected: 'true or false',
  accept: (value) => (typeof value === 'boolean' ? value : undefined),
};

import type { ValueCheck } from './value-check.js';

/** A finite JSON number. −0 is stored as 0. */
export const doubleCheck: ValueCheck = {
  expected: 'a finite number',
  accept: (value) => (Number.isFinite(value) ? (value as number) + 0 : undefined),
};

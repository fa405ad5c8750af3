import type { ScalarValue } from '../../model/profile.js';

/** The check of values of one type (R3). Nothing is coerced, rounded or truncated. */
export interface ValueCheck {
  /** The accepted values, in words. */
  readonly expected: string;
  /** Returns the value as stored, or `undefined` to refuse it. */
  readonly accept: (value: unknown) => ScalarValue | undefined;
}

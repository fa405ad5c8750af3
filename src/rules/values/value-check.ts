import type { ScalarValue } from '../../model/profile.js';

/** How the values of one type are checked and kept (R3): nothing is coerced, rounded or cut. */
export interface ValueCheck {
  /** What is accepted, in words. */
  readonly expected: string;
  /** The value as kept, or `undefined` when it is refused. */
  readonly accept: (value: unknown) => ScalarValue | undefined;
}

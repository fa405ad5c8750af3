import type { ScalarValue } from '../../model/profile.js';

/** What a definition says about a value beyond its type (R24). */
export interface ValueConstraint {
  /** The allowed values, in words, with the member of the definition that says so. */
  readonly expected: string;
  /** Whether a value, as stored, is allowed. */
  readonly allows: (value: ScalarValue) => boolean;
}

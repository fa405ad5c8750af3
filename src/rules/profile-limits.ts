/** How large a profile may be, and what is indexed of it. */
export interface ProfileLimits {
  /** The most bytes of JSON in UTF-8 that attributes and extensions may take, each. */
  readonly maxProfileBytes: number;
  /** The most characters that the combinations of values for one key may have together, as compared. */
  readonly maxKeyCharacters: number;
}

/**
 * The most that `maxKeyCharacters` may be. What a stored profile has for a key counts up to here, whatever the limit was
 * when it was written: otherwise, a lowered limit would leave its index entries behind.
 */
export const MOST_KEY_CHARACTERS = 16_777_216;

/** For what needs no limit. */
export const NO_PROFILE_LIMITS: ProfileLimits = {
  maxProfileBytes: Number.POSITIVE_INFINITY,
  maxKeyCharacters: MOST_KEY_CHARACTERS,
};

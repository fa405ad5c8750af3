/** What stored profiles have at one place, as a proposed schema would find it (S1). */
export interface SchemaFinding {
  /**
   * The place as in a profile over HTTP: `/Email`, `/Phone`, or `/Phone/Number` for the attribute of any record. Without
   * positions in lists. Empty for the profile as a whole.
   */
  readonly pointer: string;
  /** How many values or records, of all profiles. */
  readonly count: number;
  /** How many profiles. */
  readonly profiles: number;
  /** The first of these profiles, at most ten, in byte order. */
  readonly customerIds: readonly string[];
}

/** A rule that stored profiles would break at one place. `count` is the number of violations. */
export interface RuleFinding extends SchemaFinding {
  /** The number of the rule, such as `R9`. */
  readonly rule: string;
  /** The expected value, in words. */
  readonly expected: string;
}

/** A unique key whose entries would collide (R21). */
export interface KeyFinding {
  readonly key: string;
  /** How many entries could not be made, since another profile has them. */
  readonly count: number;
  /** Some of the profiles that share entries, at most ten. */
  readonly customerIds: readonly string[];
}

/** What a schema change would meet in the stored profiles (S1). It has no values. */
export interface SchemaReport {
  /** Whether a change with `checked` would take place: all that follows is empty, but for `returning`. */
  readonly fits: boolean;
  /** How many profiles were walked. */
  readonly profiles: number;
  /**
   * How many profiles were created or changed during the walk, by their `updatedAt` and the clock of this process. They
   * were met before or after that. Deleted profiles are not counted.
   */
  readonly changed: number;
  /** What breaks a rule: also what breaks it by today's schema already. */
  readonly violations: readonly RuleFinding[];
  /** Values and records that would become residual (R23). */
  readonly residual: readonly SchemaFinding[];
  /** Residual values and records that would come back (R23). */
  readonly returning: readonly SchemaFinding[];
  /** Records of extensions that the change removes or makes single-valued: it needs `force` (W8). */
  readonly records: readonly SchemaFinding[];
  /** Records that agree with an earlier one of their profile on the `unique` attributes (R10, W8). */
  readonly agreeing: readonly SchemaFinding[];
  /** New unique keys whose entries collide (R21). */
  readonly collisions: readonly KeyFinding[];
  /**
   * The names of keys that use an attribute which the change removes or retypes (W8) or joins with another one, or which
   * gets or loses a name under which profiles have values (R26).
   */
  readonly keysInUse: readonly string[];
}

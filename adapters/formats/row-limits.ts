import { InvalidOptionsError, type Violation } from 'dossier';

/** Limits that keep a hostile file from exhausting memory. */
export interface RowLimits {
  /** The maximum size of a row in bytes. Default 8 MiB, enough for a profile of 1 MiB with every character escaped. */
  readonly maxRowBytes?: number | undefined;
  /**
   * The maximum number of commas, colons and opening brackets in a row of NDJSON. Default 1,000,000. Small values take much
   * more memory than their text.
   */
  readonly maxRowValues?: number | undefined;
  /** The maximum number of members of one object in a row of NDJSON. Default 16,384, more than any schema has names. */
  readonly maxObjectMembers?: number | undefined;
  /** The maximum number of columns of CSV. Default 10,000. */
  readonly maxColumns?: number | undefined;
  /**
   * The most cells that the columns which only some profiles need may add to a table of CSV, beside 100 for each value.
   * Default 100,000. One profile with thousands of records would otherwise give thousands of separators to the row of each
   * other one.
   */
  readonly maxEmptyCells?: number | undefined;
}

const DEFAULTS: Readonly<Record<keyof RowLimits, number>> = {
  maxRowBytes: 2 ** 23,
  maxRowValues: 1_000_000,
  maxObjectMembers: 16_384,
  maxColumns: 10_000,
  maxEmptyCells: 100_000,
};

/**
 * Reads the limits among options, and applies the defaults.
 *
 * @param limits the limits that apply
 * @param others the options that are no limits, and which are not read
 * @throws InvalidOptionsError if the options are no object, or with a violation for each limit that is not a positive
 *   integer, and each unknown option
 */
export function readLimits<Limit extends keyof RowLimits>(
  options: Pick<RowLimits, Limit>,
  limits: readonly Limit[],
  others: readonly string[] = [],
): Readonly<Record<Limit, number>> {
  const violations = unknownOptions(options, [...limits, ...others]);
  const read = limits.map((name) => {
    const limit: number = options[name] === undefined ? DEFAULTS[name] : options[name];
    if (!Number.isSafeInteger(limit) || limit < 1) violations.push(violation(name, 'a positive integer'));
    return [name, limit] as const;
  });
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  return Object.fromEntries(read) as Record<Limit, number>;
}

/**
 * A violation for each option that has none of the names.
 *
 * @throws InvalidOptionsError if the options are no object
 */
export function unknownOptions(options: object, names: readonly string[]): Violation[] {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionsError([{ pointer: '', rule: '', expected: 'an object of options' }]);
  }
  return Object.keys(options)
    .filter((name) => !names.includes(name))
    .map((name) => violation(name, `one of the options ${names.join(', ')}`));
}

function violation(name: string, expected: string): Violation {
  return { pointer: `/${name}`, rule: '', expected };
}

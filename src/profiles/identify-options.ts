import { MalformedRequestError } from '../errors.js';
import type { CriteriaInput } from '../rules/identification/criteria.js';
import { isCustomerId } from '../rules/ids.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';

/** The maximum number of profiles in a page. */
export const MAX_PAGE = 100;

/** Options of {@link ProfileService.identify} (W6). */
export interface IdentifyOptions {
  /**
   * The name of the identification key, ignoring case. Default: the first key, in the order of definition, for which
   * all attributes have a value here.
   */
  readonly key?: string | undefined;
  /**
   * The values to search for, typed as in a representation: `FirstName` for an attribute, `Phone.Number` for an
   * attribute of an extension. Values beyond those of the key narrow the result.
   */
  readonly values?: CriteriaInput | undefined;
  /** The values to search for as strings, which are parsed by each attribute's type. Excludes `values`. */
  readonly text?: Readonly<Record<string, string>> | undefined;
  /** The extensions to return: names, ignoring case, or `'all'`. Default: none. */
  readonly extensions?: 'all' | readonly string[] | undefined;
  /**
   * Whether to return the extensions `always`, or only if the search finds a single profile (`unique`). Default
   * `always`.
   */
  readonly includeExtensions?: 'always' | 'unique' | undefined;
  /** Return the profiles after this customer id, exclusive: the `next` of the previous page. */
  readonly after?: string | undefined;
  /** The maximum number of profiles to return, 1 to 100. Default 100. */
  readonly limit?: number | undefined;
  /**
   * Whether to read from the primary storage, which has every acknowledged write, instead of a replica. Default false.
   */
  readonly fresh?: boolean | undefined;
}

const IDENTIFY_OPTIONS: OptionNames<IdentifyOptions> = {
  key: true,
  values: true,
  text: true,
  extensions: true,
  includeExtensions: true,
  after: true,
  limit: true,
  fresh: true,
};

/**
 * Checks the options as far as they do not depend on the schema, at run time for callers in JavaScript.
 *
 * @throws MalformedRequestError that names the option
 */
export function checkIdentifyOptions(options: IdentifyOptions): void {
  checkOptionNames(options, IDENTIFY_OPTIONS);
  const { key, values, text, includeExtensions, after, limit = MAX_PAGE }: IdentifyOptions = options;
  if (key !== undefined && typeof key !== 'string') {
    throw new MalformedRequestError('`key` must be a string: the name of an identification key.');
  }
  if (values !== undefined && text !== undefined)
    throw new MalformedRequestError('`values` and `text` exclude each other. Use only one of these options.');
  if (includeExtensions !== undefined && includeExtensions !== 'always' && includeExtensions !== 'unique') {
    throw new MalformedRequestError("`includeExtensions` must be 'always' or 'unique'.");
  }
  if (after !== undefined && !isCustomerId(after)) {
    throw new MalformedRequestError('`after` must be a customer id, such as the `next` of the previous page.');
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new MalformedRequestError(`\`limit\` must be an integer from 1 to ${MAX_PAGE}.`);
  }
}

import { MalformedRequestError } from '../errors.js';
import type { CriteriaInput } from '../rules/identification/criteria.js';
import { isCustomerId } from '../rules/ids.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';

/** The maximum number of profiles in a page. */
export const MAX_PAGE = 100;

export interface IdentifyOptions {
  /**
   * The name of the identification key; by default the first whose attributes are all given, in the order of
   * definition.
   */
  readonly key?: string | undefined;
  /**
   * What to find, typed as in a representation: `FirstName` for an attribute, `Phone.Number` for one of an extension.
   */
  readonly values?: CriteriaInput | undefined;
  /** The same as strings, as a query has them, parsed by each attribute's type. Give `values` or `text`. */
  readonly text?: Readonly<Record<string, string>> | undefined;
  /**
   * Which attributes to answer: names, ignoring case, or `'all'`. Default: all. With `[]`, and no extensions, the profiles
   * are not read where the key tells who matches.
   */
  readonly attributes?: 'all' | readonly string[] | undefined;
  /** Which extensions to answer; none by default. */
  readonly extensions?: 'all' | readonly string[] | undefined;
  /**
   * Whether to answer them `always`, which is the default, or only if the profile found is `unique`: the first page has
   * no other, and no page follows.
   */
  readonly includeExtensions?: 'always' | 'unique' | undefined;
  /** Answer the profiles after this customer id: the `next` of the page before. */
  readonly after?: string | undefined;
  /** The most profiles to answer, 1 to 100. Default 100. */
  readonly limit?: number | undefined;
  /**
   * Whether to read where writes go, also where there is a replica: every acknowledged write is seen. Default false.
   */
  readonly fresh?: boolean | undefined;
}

const IDENTIFY_OPTIONS: OptionNames<IdentifyOptions> = {
  key: true,
  values: true,
  text: true,
  attributes: true,
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

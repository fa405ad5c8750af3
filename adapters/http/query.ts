import { MalformedRequestError } from 'dossier';
import type { QueryParameter } from './openapi/operation-description.js';

/** Query parameters by name. */
export type Query = ReadonlyMap<string, string>;

/** The values of query parameters that may repeat, in their order. */
export type RepeatedQuery = ReadonlyMap<string, readonly string[]>;

/**
 * Parses the query parameters of an operation, each of which may appear only once unless it is repeatable (W4).
 *
 * @param others whether all other parameters count as well, as search criteria, or are ignored; or those that are ignored, where
 *   the rest is refused: a misspelt `dry_run` must not change anything
 * @throws MalformedRequestError if a parameter repeats or is refused, or if the query is not percent-encoded UTF-8
 */
export function parseQuery(
  { search, searchParams }: URL,
  parameters: readonly QueryParameter[],
  others: 'criteria' | 'ignored' | ReadonlySet<string>,
): { readonly query: Query; readonly repeated: RepeatedQuery } {
  requireWellFormed(search);
  const names = new Set(parameters.map(({ name }) => name));
  const repeated = new Map<string, string[]>();
  for (const { name, repeatable = false } of parameters) if (repeatable) repeated.set(name, []);
  const query = new Map<string, string>();
  for (const [name, value] of searchParams) {
    const values = repeated.get(name);
    if (values) values.push(value);
    else if (others === 'criteria' || names.has(name)) {
      // The message does not name the parameter: the name of a criterion is the caller's text, and may be personal data.
      if (query.has(name)) throw new MalformedRequestError('Each query parameter may appear only once.');
      query.set(name, value);
    } else if (others !== 'ignored' && !others.has(name)) {
      // Nor does this one.
      const known = names.size > 0 ? [...names].join(', ') : 'none';
      throw new MalformedRequestError(`A query parameter is unknown. Those of this operation: ${known}.`);
    }
  }
  return { query, repeated };
}

/** `URLSearchParams` replaces invalid UTF-8 with U+FFFD, and could so find another customer. */
function requireWellFormed(search: string): void {
  try {
    decodeURIComponent(search);
  } catch {
    throw new MalformedRequestError('The query must be percent-encoded UTF-8.');
  }
}

/** Splits a comma-separated list; trims blanks and drops empty names (W4). `*` alone means all. */
function namesIn(list: string): 'all' | readonly string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 && names.every((name) => name === '*') ? 'all' : names;
}

/** The attributes to return (W4). */
export const ATTRIBUTES: QueryParameter = {
  name: 'attributes',
  description: 'The attributes to return: names separated by commas, or `*` for all. Default: all.',
};

/** The names in the parameter `attributes`; `undefined` if it is absent. */
export function wantedAttributes(query: Query): 'all' | readonly string[] | undefined {
  const list = query.get(ATTRIBUTES.name);
  return list === undefined ? undefined : namesIn(list);
}

/** The protected members that may be cleared (L2). */
export const ALLOW_LOSS: QueryParameter = {
  name: 'allow_loss',
  description:
    'Protected attributes and extensions that may be cleared by leaving them out: names separated by commas.',
};

/** The names in the parameter `allow_loss`. */
export function allowedLosses(query: Query): readonly string[] {
  const list = query.get(ALLOW_LOSS.name);
  if (list === undefined) return [];
  const names = namesIn(list);
  if (names === 'all') throw new MalformedRequestError('The query parameter allow_loss must name each member.');
  return names;
}

/** Says that an erased customer id is meant to be used anew (E2). */
export const AFTER_ERASURE: QueryParameter = {
  name: 'after_erasure',
  description: 'The id of the erasure of the customer id, from its receipt: the id is meant to be used anew.',
  role: 'administrator',
};

/** @throws MalformedRequestError if the parameter `after_erasure` is empty */
export function afterErasureIn(query: Query): string | undefined {
  const erasure = query.get(AFTER_ERASURE.name);
  if (erasure !== '') return erasure;
  throw new MalformedRequestError('The query parameter after_erasure must be the id of an erasure, from its receipt.');
}

/** Makes an operation a rehearsal (L1). */
export const DRY_RUN: QueryParameter = {
  name: 'dry_run',
  description: 'With `yes`, nothing is stored: the answer tells what the request would do. Default `no`.',
  choices: ['no', 'yes'],
};

/** The extensions to return (W4). */
export const EXTENSIONS: QueryParameter = {
  name: 'extensions',
  description: 'The extensions to return: names separated by commas, or `*` for all. Default: none.',
};

/** The names in the parameter `extensions`; `undefined` if it is absent. */
export function wantedExtensions(query: Query): 'all' | readonly string[] | undefined {
  const list = query.get(EXTENSIONS.name);
  return list === undefined ? undefined : namesIn(list);
}

const RESIDUAL_CHOICES = ['keep', 'drop'] as const;

/** What becomes of stored values that the schema does not know after a change (R23). */
export const RESIDUAL: QueryParameter = {
  name: 'residual',
  description:
    'With `drop`, stored values that the schema does not know afterwards are removed, a change of each profile that has ' +
    'any. With `keep`, they come back with a definition that they fit. Default `keep`.',
  choices: RESIDUAL_CHOICES,
};

/** @throws MalformedRequestError if the parameter `residual` has another value */
export function residualIn(query: Query): 'keep' | 'drop' {
  return choiceOf(query, RESIDUAL.name, RESIDUAL_CHOICES);
}

/**
 * A parameter with a fixed set of values; the first is the default.
 *
 * @throws MalformedRequestError if it has another value
 */
export function choiceOf<const Choice extends string>(
  query: Query,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = query.get(name) ?? choices[0];
  for (const choice of choices) if (choice === given) return choice;
  throw new MalformedRequestError(`The query parameter ${name} must be ${choices.join(' or ')}.`);
}

/**
 * A parameter that is `yes` or `no`, by default `no`.
 *
 * @throws MalformedRequestError if it has another value
 */
export function isYes(query: Query, name: string): boolean {
  return choiceOf(query, name, ['no', 'yes']) === 'yes';
}

/**
 * A parameter that is an integer from 1 to `maximum`; `undefined` if it is absent.
 *
 * @throws MalformedRequestError if it has another value
 */
export function positiveIntegerOf(query: Query, name: string, maximum: number): number | undefined {
  return integerOf(query, name, 1, maximum);
}

/**
 * A parameter that is an integer from `minimum`, which is not negative, to `maximum`; `undefined` if it is absent.
 *
 * @throws MalformedRequestError if it has another value
 */
export function integerOf(query: Query, name: string, minimum: number, maximum: number): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^[0-9]{1,16}$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new MalformedRequestError(`The query parameter ${name} must be an integer from ${minimum} to ${maximum}.`);
}

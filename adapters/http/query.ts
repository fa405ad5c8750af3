import { MalformedRequestError } from 'dossier';
import type { QueryParameter } from './description/operation-description.js';

/** Query parameters by name. */
export type Query = ReadonlyMap<string, string>;

/**
 * Reads the query parameters that an operation takes, each of which may stand only once (W4).
 *
 * @param search the query as it stands in the URL
 * @param names the parameters that are taken, or `all`; others are none of the operation's business
 * @throws MalformedRequestError if one stands twice, or if the query is not percent-encoded UTF-8
 */
export function parseQuery(search: string, names: readonly string[] | 'all'): Query {
  requireWellFormed(search);
  const parameters = new URLSearchParams(search);
  const query = new Map<string, string>();
  for (const name of names === 'all' ? new Set(parameters.keys()) : names) {
    const [value, second] = parameters.getAll(name);
    // A parameter may be a criterion, and its name anything, so the message names none.
    if (second !== undefined) throw new MalformedRequestError('Each query parameter may stand only once.');
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

/** `URLSearchParams` would read what is no UTF-8 as U+FFFD, and so find a customer whom nobody asked for. */
function requireWellFormed(search: string): void {
  try {
    decodeURIComponent(search);
  } catch {
    throw new MalformedRequestError('The query must be percent-encoded UTF-8.');
  }
}

/** The names in a comma-separated list: blanks around them and empty ones are ignored (W4). `*` alone means all. */
export function namesIn(list: string): 'all' | readonly string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 && names.every((name) => name === '*') ? 'all' : names;
}

/** Which extensions to answer (W4). */
export const EXTENSIONS: QueryParameter = {
  name: 'extensions',
  description: 'The names of the extensions to answer, separated by commas; `*` for all. None by default.',
};

/** The names in the parameter `extensions`, where it is given. */
export function wantedExtensions(query: Query): 'all' | readonly string[] | undefined {
  const list = query.get(EXTENSIONS.name);
  return list === undefined ? undefined : namesIn(list);
}

/**
 * A parameter that has one of a few values, the first of which it has where it is not given.
 *
 * @throws MalformedRequestError if it has any other
 */
export function choiceOf<const Choice extends string>(
  query: Query,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = query.get(name) ?? choices[0];
  const choice = choices.find((candidate) => candidate === given);
  if (choice === undefined) {
    throw new MalformedRequestError(`The query parameter ${name} must be ${choices.join(' or ')}.`);
  }
  return choice;
}

/** @throws MalformedRequestError if a parameter is neither `yes` nor `no`, which it is where it is not given */
export function isYes(query: Query, name: string): boolean {
  return choiceOf(query, name, ['no', 'yes']) === 'yes';
}

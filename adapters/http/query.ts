import { MalformedRequestError } from 'dossier';

/** The query parameters that an operation takes, by name. */
export type Query = ReadonlyMap<string, string>;

/**
 * Reads the parameters that an operation takes; others are none of its business.
 *
 * @throws MalformedRequestError if one stands twice (W4)
 */
export function parseQuery(search: URLSearchParams, names: readonly string[]): Query {
  const query = new Map<string, string>();
  for (const name of names) {
    const [value, second] = search.getAll(name);
    if (second !== undefined) throw new MalformedRequestError(`The query parameter ${name} may stand only once.`);
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

/** The names in a comma-separated list: blanks around them and empty ones are ignored (W4). `*` alone means all. */
export function namesIn(list: string): 'all' | readonly string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 && names.every((name) => name === '*') ? 'all' : names;
}

/** @throws MalformedRequestError if a parameter is neither `yes` nor `no` */
export function isYes(query: Query, name: string): boolean {
  const value = query.get(name) ?? 'no';
  if (value !== 'yes' && value !== 'no') {
    throw new MalformedRequestError(`The query parameter ${name} must be yes or no.`);
  }
  return value === 'yes';
}

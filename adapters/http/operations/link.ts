import type { Query } from '../query.js';

/**
 * The link to the next page of the same query (RFC 8288).
 *
 * @param cursor the query parameter that leads there, and its value; `undefined` on the last page
 */
export function linkToNext(
  path: string,
  query: Query,
  [name, value]: readonly [name: string, value: string | number | undefined],
): Record<string, string> {
  if (value === undefined) return {};
  const parameters = new URLSearchParams([...new Map(query).set(name, String(value))]);
  return { link: `<${path}?${parameters}>; rel="next"` };
}

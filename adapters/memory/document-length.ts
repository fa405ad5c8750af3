/**
 * The most characters of JSON that the documents of a page have, or what the lines of one name, unless one alone has more: as copies, they take memory of
 * their own, of tiny values twenty times as much.
 */
export const MAX_PAGE_LENGTH = 1024 * 1024;

/** About how many characters a JSON document has as text: enough to bound what is in memory at once. */
export function documentLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value) length += documentLength(item) + 1;
    return length;
  }
  for (const name in value) length += name.length + 4 + documentLength((value as Record<string, unknown>)[name]);
  return length;
}

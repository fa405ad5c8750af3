/**
 * The most characters of JSON in the documents of a page, or in the pointers of a page of lines. One document or line alone may
 * have more. They are copied, and copies of tiny values take twenty times as much memory.
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

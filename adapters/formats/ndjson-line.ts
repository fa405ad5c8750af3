import type { Profile } from 'dossier';

/**
 * Writes a profile as one line of newline-delimited JSON, with its line break, for {@link ndjsonRows} to read. The segment
 * becomes `_segment`, which cannot be the name of an attribute.
 */
export function ndjsonLine({ customerId, segment, attributes, extensions }: Profile): string {
  return `${JSON.stringify({ customer_id: customerId, _segment: segment, ...attributes, ...extensions })}\n`;
}

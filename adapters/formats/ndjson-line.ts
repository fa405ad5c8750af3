import type { Profile } from 'dossier';

/**
 * A profile as one line of newline-delimited JSON, with the line break: what {@link ndjsonRows} reads. It has the
 * extensions that the profile was answered with, and its segment as `_segment`, which no attribute can be named.
 */
export function ndjsonLine({ customerId, segment, attributes, extensions }: Profile): string {
  return `${JSON.stringify({ customer_id: customerId, _segment: segment, ...attributes, ...extensions })}\n`;
}

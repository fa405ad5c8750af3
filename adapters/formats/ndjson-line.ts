import type { ProfileRow } from './export-row.js';

/**
 * Writes the row of a profile, such as {@link exportRow} makes, as one line of newline-delimited JSON, with its line break, for {@link ndjsonRows} to read. Segment and
 * revision become `_segment` and `_revision`, which cannot be the names of attributes.
 */
export function ndjsonLine({ customerId, segment, revision, members }: ProfileRow): string {
  return `${JSON.stringify({ customer_id: customerId, _segment: segment, _revision: revision, ...members })}\n`;
}

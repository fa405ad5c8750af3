import type { ProfileRow } from './export-row.js';

/**
 * Writes the row of a profile, such as {@link exportRow} makes, as one line of newline-delimited JSON, with its line break,
 * for {@link ndjsonRows} to read. Segment, revision and residual values become `_segment`, `_revision` and `_residual`, which
 * cannot be the names of attributes. A line with `_residual` is for people: {@link ndjsonRows} refuses it.
 */
export function ndjsonLine({ customerId, segment, revision, residual, members }: ProfileRow): string {
  const named = { customer_id: customerId, _segment: segment, _revision: revision, _residual: residual };
  return `${JSON.stringify({ ...named, ...members })}\n`;
}

import type { Profile } from 'dossier';
import type { Principal } from './principal.js';

/** Carries the segment of a profile, in requests from trusted callers and in responses (W1). */
const SEGMENT_HEADER = 'x-genesys-segment';

/** The segment that a request sets; `undefined` if it sets none, or if the caller may not set segments. */
export function segmentOf(headers: Headers, { maySetSegment }: Principal): string | undefined {
  return maySetSegment ? (headers.get(SEGMENT_HEADER) ?? undefined) : undefined;
}

/** The response header with a profile's segment, if it has one. */
export function segmentHeader({ segment }: Profile): Record<string, string> {
  return segment === undefined ? {} : { [SEGMENT_HEADER]: segment };
}

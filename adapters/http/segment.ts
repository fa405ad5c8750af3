import type { Profile } from 'dossier';

/** Labels a profile; set by trusted infrastructure only (W1). */
export const SEGMENT_HEADER = 'x-genesys-segment';

/** The header in which a profile's segment is answered. */
export function segmentHeader({ segment }: Profile): Record<string, string> {
  return segment === undefined ? {} : { [SEGMENT_HEADER]: segment };
}

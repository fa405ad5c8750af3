import type { Profile } from 'dossier';
import { entityTag } from '../entity-tags.js';
import { segmentHeader } from '../segment.js';

/** What every answer about one profile tells in its headers: the revision (W3), and the segment where there is one (W1). */
export function profileHeaders(profile: Profile): Record<string, string> {
  return { etag: entityTag(profile.revision), ...segmentHeader(profile) };
}

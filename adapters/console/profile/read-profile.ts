import type { ApiClient } from '../request/api-client.js';
import { profilePath } from '../request/visit.js';
import type { WireProfile } from './schema.js';

/** A profile as it was answered, with the tag that names the reading. */
export interface ReadProfile {
  readonly profile: WireProfile;
  readonly reading: string;
}

/** Everything of a profile, with the reading that a change of it is based on. */
export async function readProfile(api: ApiClient, id: string): Promise<ReadProfile> {
  const answer = await api.get(profilePath(id), { query: { extensions: '*' } });
  return { profile: answer.body as WireProfile, reading: answer.headers.get('etag') ?? '' };
}

/** The revision that a tag begins with. */
export function revisionIn(tag: string): number {
  return Number.parseInt(tag.replace(/^"/, ''), 10);
}

import type { ApiClient } from '../request/api-client.js';
import { ProblemError } from '../request/problem-error.js';
import { profilePath } from '../request/visit.js';
import type { WireProfile } from './schema.js';

/** A profile as it was answered, with the tag that names the reading. */
export interface ReadProfile {
  readonly profile: WireProfile;
  readonly reading: string;
  readonly segment: string | undefined;
}

/** What a form is based on that has lost its reading: a tag that matches no state. */
export const NO_READING = '"-"';

/**
 * Everything of a profile, with the reading that a change of it is based on.
 *
 * @throws ProblemError if there is no such profile, or it may not be read
 */
export async function readProfile(api: ApiClient, id: string): Promise<ReadProfile> {
  const answer = await api.get(profilePath(id), { query: { extensions: '*' } });
  const { body, headers } = answer;
  const segment = headers.get('x-genesys-segment') ?? undefined;
  return { profile: body as WireProfile, reading: headers.get('etag') ?? '', segment };
}

/** Likewise; `undefined` if there is no such profile. */
export async function findProfile(api: ApiClient, id: string): Promise<ReadProfile | undefined> {
  try {
    return await readProfile(api, id);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return undefined;
    throw error;
  }
}

/** The revision that a tag begins with. */
export function revisionIn(tag: string): number {
  return Number.parseInt(tag.replace(/^"/, ''), 10);
}

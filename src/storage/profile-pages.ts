import { setImmediate } from 'node:timers/promises';
import type { ProfileRepository, StoredProfile } from './profile-repository.js';

/** How many profiles are in memory at once, at most: a page of large ones has fewer. */
const PAGE = 200;

/** All profiles of a tenant, or those after an id, in the order of their ids, page by page. */
export async function* profilePages(
  repository: ProfileRepository,
  tenantId: string,
  begin?: string,
): AsyncGenerator<readonly StoredProfile[]> {
  let after = begin;
  for (;;) {
    const { profiles, more } = await repository.page(tenantId, { after, limit: PAGE });
    if (profiles.length > 0) yield profiles;
    if (!more) return;
    after = profiles.at(-1)?.customerId;
    // A storage within the process answers without a turn of the event loop, and a walk over it would hold up all others.
    await setImmediate();
  }
}

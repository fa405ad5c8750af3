import type { ProfileRepository, StoredProfile } from './profile-repository.js';
import { nextTurn } from './turns.js';

/** The number of profiles in memory at once. */
const PAGE = 200;

/** Yields the profiles of a tenant page by page, in byte order of their ids: all, or those after the id `begin`. */
export async function* profilePages(
  repository: ProfileRepository,
  tenantId: string,
  begin?: string,
): AsyncGenerator<readonly StoredProfile[]> {
  let after = begin;
  for (;;) {
    const page = await repository.page(tenantId, { after, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.customerId;
    // An in-memory storage resolves without leaving the microtask queue, so the walk would block the event loop.
    await nextTurn();
  }
}

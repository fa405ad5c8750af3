import type { ProfileRepository, StoredProfile } from './profile-repository.js';
import { nextTurn } from './turns.js';

/** How many profiles are in memory at once. */
const PAGE = 200;

/** All profiles of a tenant, or those after an id, in the order of their ids, page by page. */
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
    // A storage within the process answers without a turn of the event loop, and a walk over it would hold up all others.
    await nextTurn();
  }
}

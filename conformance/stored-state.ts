import assert from 'node:assert';
import type { IndexEntry } from '../src/model/documents.js';
import type { StoredSchema } from '../src/model/stored-schema.js';
import type { PageRequest, ProfileRepository, StoredProfile } from '../src/storage/profile-repository.js';

/** Everything of a tenant that the port lets one see. */
export interface TenantState {
  readonly schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly profiles: readonly StoredProfile[];
  /** For each of the entries asked for, the ids of the profiles that have it. */
  readonly holders: readonly (readonly string[])[];
}

/** Reads the state of a tenant, for comparing it before and after something that must not change it. */
export async function stateOf(
  repository: ProfileRepository,
  tenantId: string,
  entries: readonly IndexEntry[] = [],
): Promise<TenantState> {
  // Profiles first: what a commit adds after it has been called lost is there a moment later.
  const profiles = await walk(allPages(repository, tenantId), 1000);
  const holders: string[][] = [];
  for (const entry of entries) holders.push(idsOf(await walk(foundPages(repository, tenantId, entry), 1000)));
  const schema = await repository.loadSchema(tenantId);
  return { schema, profiles, holders };
}

/** Answers one page of a walk. */
export type FetchPage = (page: PageRequest) => Promise<readonly StoredProfile[]>;

/** Pages of all profiles of a tenant. */
export function allPages(repository: ProfileRepository, tenantId: string): FetchPage {
  return (page) => repository.page(tenantId, page);
}

/** Pages of the profiles of a tenant that have an entry. */
export function foundPages(repository: ProfileRepository, tenantId: string, entry: IndexEntry): FetchPage {
  return async (page) => (await repository.find(tenantId, entry, { ...page, extensions: false })).profiles;
}

/** All profiles, page by page; `between` runs after each page that is not the last. */
export async function walk(
  fetchPage: FetchPage,
  limit: number,
  between: (page: readonly StoredProfile[]) => Promise<void> = async () => {},
): Promise<StoredProfile[]> {
  const profiles: StoredProfile[] = [];
  for (;;) {
    const page = await fetchPage({ after: profiles.at(-1)?.customerId, limit });
    assert.ok(page.length <= limit, `a page of at most ${limit} has ${page.length} profiles`);
    profiles.push(...page);
    // A repository that begins anew with each page would never come to an end.
    if (page.length < limit || profiles.length > 10_000) return profiles;
    await between(page);
  }
}

/** The ids of profiles, in their order. */
export function idsOf(profiles: readonly StoredProfile[]): string[] {
  return profiles.map((profile) => profile.customerId);
}

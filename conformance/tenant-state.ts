import assert from 'node:assert';
import type { IndexEntry } from '../src/model/documents.js';
import type { StoredSchema } from '../src/model/stored-schema.js';
import type { PageRequest, ProfileRepository, StoredProfile } from '../src/storage/profile-repository.js';

/** Everything that the port can read of a tenant. */
export interface TenantState {
  readonly schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly profiles: readonly StoredProfile[];
  /** For each requested entry, the ids of the profiles that have it. */
  readonly holders: readonly (readonly string[])[];
}

/** Reads the state of a tenant, to compare it before and after a call. */
export async function stateOf(
  repository: ProfileRepository,
  tenantId: string,
  entries: readonly IndexEntry[] = [],
): Promise<TenantState> {
  // Profiles first: if a commit wrongly reported as lost adds entries late, they are found below.
  const profiles = await walk(allPages(repository, tenantId), 1000);
  const holders: string[][] = [];
  for (const entry of entries) holders.push(idsOf(await walk(foundPages(repository, tenantId, entry), 1000)));
  const schema = await repository.loadSchema(tenantId);
  return { schema, profiles, holders };
}

/** Fetches one page. */
export type FetchPage = (page: PageRequest) => Promise<readonly StoredProfile[]>;

/** The pages of all profiles of a tenant. */
export function allPages(repository: ProfileRepository, tenantId: string): FetchPage {
  return (page) => repository.page(tenantId, page);
}

/** The pages of the profiles that have an entry. */
export function foundPages(repository: ProfileRepository, tenantId: string, entry: IndexEntry): FetchPage {
  return async (page) => (await repository.find(tenantId, entry, { ...page, extensions: false })).profiles;
}

/** Collects all pages; `between` runs after each page but the last. */
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
    // The bound stops a repository that ignores `after` and would return the first page for ever.
    if (page.length < limit || profiles.length > 10_000) return profiles;
    await between(page);
  }
}

/** The customer ids of profiles, in their order. */
export function idsOf(profiles: readonly StoredProfile[]): string[] {
  return profiles.map((profile) => profile.customerId);
}

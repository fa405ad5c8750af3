import assert from 'node:assert';
import type { IndexEntry } from '../src/model/documents.js';
import type { StoredSchema } from '../src/model/stored-schema.js';
import type { PageRequest, ProfilePage, ProfileRepository, StoredProfile } from '../src/storage/profile-repository.js';
import { abbreviated } from './difference.js';

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
  const profiles = await allProfiles(repository, tenantId);
  const holders: string[][] = [];
  for (const entry of entries) holders.push(idsOf(await walk(foundPages(repository, tenantId, entry), 1000)));
  const schema = await repository.loadSchema(tenantId);
  return { schema, profiles, holders };
}

/** Fetches one page. */
export type FetchPage = (page: PageRequest) => Promise<ProfilePage>;

/** The pages of all profiles of a tenant. */
export function allPages(repository: ProfileRepository, tenantId: string): FetchPage {
  return (page) => repository.page(tenantId, page);
}

/** The pages of the profiles that have an entry. */
export function foundPages(
  repository: ProfileRepository,
  tenantId: string,
  entry: IndexEntry,
  extensions = false,
): FetchPage {
  return (page) => repository.find(tenantId, entry, { ...page, extensions });
}

/** Where a walk begins and ends, and what runs after each page but the last. */
interface WalkOptions {
  readonly after?: string | undefined;
  /** Ends the walk when it has so many profiles. */
  readonly atMost?: number;
  readonly between?: (page: readonly StoredProfile[]) => Promise<void>;
}

/** Collects the pages of a walk. A page may be shorter than the limit, and more may follow. */
export async function walk(
  fetchPage: FetchPage,
  limit: number,
  { after, atMost = 10_000, between = async () => {} }: WalkOptions = {},
): Promise<StoredProfile[]> {
  const collected: StoredProfile[] = [];
  for (;;) {
    const page = await fetchPage({ after: collected.at(-1)?.customerId ?? after, limit });
    const { profiles, more } = page;
    if (!Array.isArray(profiles) || typeof more !== 'boolean') {
      assert.fail(`a page must be { profiles, more }, got ${abbreviated(page)}`);
    }
    assert.ok(profiles.length <= limit, `a page of at most ${limit} has ${profiles.length} profiles`);
    assert.ok(profiles.length > 0 || !more, 'a page without profiles says that there is more');
    collected.push(...profiles);
    // The bound also stops a repository that ignores `after` and would return the first page for ever.
    if (!more || collected.length >= atMost) return collected;
    await between(profiles);
  }
}

/** The first `limit` profiles after `after`, of as many pages as it takes. */
export async function firstProfiles(fetchPage: FetchPage, { after, limit }: PageRequest): Promise<StoredProfile[]> {
  return (await walk(fetchPage, limit, { after, atMost: limit })).slice(0, limit);
}

/** All profiles of a tenant, of as many pages as it takes. */
export function allProfiles(repository: ProfileRepository, tenantId: string): Promise<StoredProfile[]> {
  return walk(allPages(repository, tenantId), 1000);
}

/** The customer ids of profiles, in their order. */
export function idsOf(profiles: readonly StoredProfile[]): string[] {
  return profiles.map((profile) => profile.customerId);
}

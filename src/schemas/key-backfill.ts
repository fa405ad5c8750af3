import type { ProfileChanges } from '../profiles/profile-changes.js';
import { indexing } from '../profiles/repository-changes.js';
import type { CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import { findOverfullKey } from '../rules/identification/entries.js';
import { profilePages } from '../storage/profile-pages.js';
import type { CommitResult, IndexChange, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { nextTurn, turnAfter } from '../storage/turns.js';

/** Called after each page of profiles with the number of profiles processed so far. */
export type BackfillProgress = (profiles: number) => void;

/** The result of a backfill. */
export type BackfillResult =
  | { readonly outcome: 'backfilled' }
  /** The number of unique entries that could not be added, since another profile holds them (R21). */
  | { readonly outcome: 'collisions'; readonly collisions: number }
  /** A profile has more combinations of values for this key than can be indexed (R18). */
  | { readonly outcome: 'overfull'; readonly key: CompiledKey }
  | { readonly outcome: 'schema_changed' };

/** The number of profiles processed before yielding to the event loop. */
const PROFILES_AT_ONCE = 50;

/** A batch with this many entries is committed. */
const ENTRIES_AT_ONCE = 1_000;

/** The state of a backfill. */
interface Backfill {
  readonly changes: ProfileChanges;
  readonly repository: ProfileRepository;
  readonly tenantId: string;
  /** The schema with the keys to backfill, and no other keys. */
  readonly schema: CompiledSchema;
  collisions: number;
}

/**
 * Adds the index entries of new identification keys for the stored profiles (R21). Works in batches by compare-and-set,
 * so it neither blocks writers nor overwrites their changes: they know the keys already, and maintain the entries of
 * the profiles that they write. Idempotent: it may be repeated, and run in several processes at once.
 */
export async function backfillKeys(
  changes: ProfileChanges,
  repository: ProfileRepository,
  tenantId: string,
  schema: CompiledSchema,
  keys: readonly CompiledKey[],
  onProgress?: BackfillProgress,
): Promise<BackfillResult> {
  const backfill: Backfill = { changes, repository, tenantId, schema: { ...schema, keys }, collisions: 0 };
  let profiles = 0;
  for await (const page of profilePages(repository, tenantId)) {
    const result = await backfillPage(backfill, page);
    if (result) return result;
    profiles += page.length;
    onProgress?.(profiles);
  }
  const { collisions } = backfill;
  return collisions === 0 ? { outcome: 'backfilled' } : { outcome: 'collisions', collisions };
}

/** Returns a result if the backfill must stop. */
async function backfillPage(backfill: Backfill, page: readonly StoredProfile[]): Promise<BackfillResult | undefined> {
  const { schema } = backfill;
  let batch: IndexChange[] = [];
  let entries = 0;
  for (const [index, profile] of page.entries()) {
    await turnAfter(profile);
    const key = findOverfullKey(schema, profile, backfill.changes.limits);
    if (key) return { outcome: 'overfull', key };
    const change = indexing(schema, profile);
    if (change.addEntries.length > 0) batch.push(change);
    entries += change.addEntries.length;
    const isLast = index === page.length - 1;
    if (!isLast && (index + 1) % PROFILES_AT_ONCE !== 0 && entries < ENTRIES_AT_ONCE) continue;
    if (!(await commitBatch(backfill, batch))) return { outcome: 'schema_changed' };
    batch = [];
    entries = 0;
    if (!isLast) await nextTurn();
  }
  return undefined;
}

/**
 * Commits changes together. If one conflicts, it is committed alone, and the changes after it in halves: usually there
 * is no other conflict, and if there are many, no change is repeated often.
 *
 * @returns false if the schema changed
 */
async function commitBatch(backfill: Backfill, batch: readonly IndexChange[]): Promise<boolean> {
  if (batch.length === 0) return true;
  const result = await backfill.changes.commit(backfill.tenantId, batch);
  if (result.outcome === 'committed') return true;
  if (result.outcome === 'schema_changed') return false;
  const conflicting = batch[result.index];
  const before = batch.slice(0, result.index);
  const after = batch.slice(result.index + 1);
  const middle = Math.ceil(after.length / 2);
  return (
    (await commitBatch(backfill, before)) &&
    (conflicting === undefined || (await commitAlone(backfill, conflicting, result))) &&
    (await commitBatch(backfill, after.slice(0, middle))) &&
    (await commitBatch(backfill, after.slice(middle)))
  );
}

/**
 * Resolves the conflict of a change, and commits it. Retries after concurrent changes of the profile.
 *
 * @returns false if the schema changed
 */
async function commitAlone(backfill: Backfill, refused: IndexChange, conflict: CommitResult): Promise<boolean> {
  let change: IndexChange | undefined = refused;
  let result = conflict;
  while (result.outcome !== 'committed') {
    if (result.outcome === 'schema_changed') return false;
    change = await (result.outcome === 'entry_taken' ? withoutTaken(backfill, change) : redecide(backfill, change));
    if (change === undefined || change.addEntries.length === 0) return true;
    result = await backfill.changes.commit(backfill.tenantId, [change]);
  }
  return true;
}

/** The change for the current state of the profile; `undefined` if the profile no longer exists. */
async function redecide(
  { changes, tenantId, schema }: Backfill,
  change: IndexChange,
): Promise<IndexChange | undefined> {
  const profile = await changes.reload(tenantId, change);
  return profile && indexing(schema, profile);
}

/** The change without the entries that another profile holds. Counts each of them as a collision. */
async function withoutTaken(backfill: Backfill, change: IndexChange): Promise<IndexChange> {
  const { repository, tenantId } = backfill;
  const addEntries = [];
  for (const entry of change.addEntries) {
    const page = { limit: 1, extensions: false };
    const { profiles } = entry.unique ? await repository.find(tenantId, entry, page) : { profiles: [] };
    if (profiles.some(({ customerId }) => customerId !== change.customerId)) backfill.collisions += 1;
    else addEntries.push(entry);
  }
  return { ...change, addEntries };
}

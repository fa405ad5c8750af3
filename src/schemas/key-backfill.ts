import { setImmediate } from 'node:timers/promises';
import type { CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import { entryChanges, findOverfullKey } from '../rules/identification/entries.js';
import { profilePages } from '../storage/profile-pages.js';
import type { CommitResult, IndexChange, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';

/** Told after each page, how many profiles have been looked at so far. */
export type BackfillProgress = (profiles: number) => void;

export type FillingResult =
  | { readonly outcome: 'filled' }
  /** So many entries of unique keys could not be made, since another profile has them (R21). */
  | { readonly outcome: 'collisions'; readonly collisions: number }
  /** A profile has more combinations of values for this key than can be indexed (R18). */
  | { readonly outcome: 'overfull'; readonly key: CompiledKey }
  | { readonly outcome: 'schema_moved' };

/** The most profiles that are worked on before others of the process have their turn. */
const PROFILES_AT_ONCE = 50;

/** Once there are so many entries to commit, no more are gathered. */
const ENOUGH_ENTRIES = 1_000;

/**
 * Gives the profiles that were there before an identification key their entries (R21): in batches, by compare-and-set,
 * so that it neither blocks writers nor undoes what they do. They in turn know the key by then, and keep its entries
 * themselves. Entries that are there already stay, so it may run again, and in several processes at once.
 */
export class KeyFilling {
  readonly #repository: ProfileRepository;
  readonly #tenantId: string;
  readonly #schema: CompiledSchema;
  #collisions = 0;

  /** @param keys those of the schema to fill */
  constructor(repository: ProfileRepository, tenantId: string, schema: CompiledSchema, keys: readonly CompiledKey[]) {
    this.#repository = repository;
    this.#tenantId = tenantId;
    this.#schema = { ...schema, keys };
  }

  async run(onProgress?: BackfillProgress): Promise<FillingResult> {
    let profiles = 0;
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      const result = await this.#fillPage(page);
      if (result) return result;
      profiles += page.length;
      onProgress?.(profiles);
    }
    return this.#collisions === 0 ? { outcome: 'filled' } : { outcome: 'collisions', collisions: this.#collisions };
  }

  /** Answers why the filling ends, if it does. */
  async #fillPage(page: readonly StoredProfile[]): Promise<FillingResult | undefined> {
    let batch: IndexChange[] = [];
    let entries = 0;
    for (const [index, profile] of page.entries()) {
      const key = findOverfullKey(this.#schema, profile);
      if (key) return { outcome: 'overfull', key };
      const change = this.#change(profile);
      if (change.addEntries.length > 0) batch.push(change);
      entries += change.addEntries.length;
      const isLast = index === page.length - 1;
      if (!isLast && (index + 1) % PROFILES_AT_ONCE !== 0 && entries < ENOUGH_ENTRIES) continue;
      if (!(await this.#commit(batch))) return { outcome: 'schema_moved' };
      batch = [];
      entries = 0;
      if (!isLast) await setImmediate();
    }
    return undefined;
  }

  /**
   * Commits changes at once where that can be. Where one stands in the way of the others it is carried out by itself, and
   * the rest in halves: in most cases no other does, and where many do, no change is tried again and again.
   *
   * @returns false if the schema moved
   */
  async #commit(changes: readonly IndexChange[]): Promise<boolean> {
    if (changes.length === 0) return true;
    const result = await this.#repository.commit(changes);
    if (result.outcome === 'committed') return true;
    if (result.outcome === 'schema_moved') return false;
    const inTheWay = changes[result.index];
    const before = changes.slice(0, result.index);
    const after = changes.slice(result.index + 1);
    const middle = Math.ceil(after.length / 2);
    return (
      (await this.#commit(before)) &&
      (inTheWay === undefined || (await this.#commitAlone(inTheWay, result))) &&
      (await this.#commit(after.slice(0, middle))) &&
      (await this.#commit(after.slice(middle)))
    );
  }

  /** Carries a change out by itself, after something stood in its way, and whatever others do to the profile meanwhile. */
  async #commitAlone(refused: IndexChange, obstacle: CommitResult): Promise<boolean> {
    let change: IndexChange | undefined = refused;
    let result = obstacle;
    while (result.outcome !== 'committed') {
      if (result.outcome === 'schema_moved') return false;
      change = await (result.outcome === 'entry_taken' ? this.#withoutTaken(change) : this.#anew(change));
      if (change === undefined || change.addEntries.length === 0) return true;
      result = await this.#repository.commit([change]);
    }
    return true;
  }

  /** What is to be added to the profile as it is now; `undefined` if it is gone. */
  async #anew({ customerId }: IndexChange): Promise<IndexChange | undefined> {
    const { profile } = await this.#repository.load(this.#tenantId, customerId, { extensions: true });
    return profile && this.#change(profile);
  }

  /** Leaves out the entries that another profile has, each of them a collision. */
  async #withoutTaken(change: IndexChange): Promise<IndexChange> {
    const addEntries = [];
    for (const entry of change.addEntries) {
      const page = { limit: 1, extensions: false };
      const { profiles } = entry.unique ? await this.#repository.find(this.#tenantId, entry, page) : { profiles: [] };
      if (profiles.some(({ customerId }) => customerId !== change.customerId)) this.#collisions += 1;
      else addEntries.push(entry);
    }
    return { ...change, addEntries };
  }

  #change({ customerId, revision, createdAt, attributes, extensions }: StoredProfile): IndexChange {
    return {
      kind: 'index',
      tenantId: this.#tenantId,
      customerId,
      schemaVersion: this.#schema.version,
      expectedRevision: revision,
      createdAt,
      addEntries: entryChanges(this.#schema, undefined, { attributes, extensions }).addEntries,
    };
  }
}

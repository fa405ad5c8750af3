import { profilePages } from './profile-walk.js';
import type { CompiledKey, CompiledSchema } from './rules/compiled-schema.js';
import { entryChanges } from './rules/identification/entries.js';
import type { IndexChange, ProfileRepository, StoredProfile } from './storage/profile-repository.js';

/** Told after each batch, how many profiles have been looked at so far. */
export type FillingProgress = (profiles: number) => void;

export type FillingResult =
  | { readonly outcome: 'filled' }
  /** So many entries of unique keys could not be made, since another profile has them (R21). */
  | { readonly outcome: 'collisions'; readonly collisions: number }
  | { readonly outcome: 'schema_moved' };

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

  async run(onProgress?: FillingProgress): Promise<FillingResult> {
    let profiles = 0;
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      if (!(await this.#fillPage(page))) return { outcome: 'schema_moved' };
      profiles += page.length;
      onProgress?.(profiles);
    }
    return this.#collisions === 0 ? { outcome: 'filled' } : { outcome: 'collisions', collisions: this.#collisions };
  }

  /** Answers false if the schema moved. */
  async #fillPage(page: readonly StoredProfile[]): Promise<boolean> {
    const changes = page.map((profile) => this.#change(profile)).filter(({ addEntries }) => addEntries.length > 0);
    if (changes.length === 0) return true;
    const { outcome } = await this.#repository.commit(changes);
    if (outcome === 'committed' || outcome === 'schema_moved') return outcome === 'committed';
    // One of them stands in the way of all.
    for (const change of changes) if (!(await this.#fillProfile(change))) return false;
    return true;
  }

  async #fillProfile(first: IndexChange): Promise<boolean> {
    let change = first;
    while (change.addEntries.length > 0) {
      const result = await this.#repository.commit([change]);
      if (result.outcome === 'committed') return true;
      if (result.outcome === 'schema_moved') return false;
      if (result.outcome === 'entry_taken') {
        change = await this.#withoutTaken(change);
      } else {
        const { profile } = await this.#repository.load(this.#tenantId, change.customerId, { extensions: true });
        if (!profile) return true;
        change = this.#change(profile);
      }
    }
    return true;
  }

  /** Leaves out the entries that another profile has, each of them a collision. */
  async #withoutTaken(change: IndexChange): Promise<IndexChange> {
    const addEntries = [];
    for (const entry of change.addEntries) {
      const page = { limit: 1, extensions: false };
      const { profiles } = await this.#repository.find(this.#tenantId, entry, page);
      if (entry.unique && profiles.some(({ customerId }) => customerId !== change.customerId)) this.#collisions += 1;
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

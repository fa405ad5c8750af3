import type { IndexEntry } from '../../src/model/documents.js';
import type { Change, CommitResult, SchemaCommitResult, StoredProfile } from '../../src/storage/profile-repository.js';
import { sampleSchema } from '../sample-changes.js';
import type { TenantState } from '../tenant-state.js';

type ModelProfile = StoredProfile & { readonly entries: readonly IndexEntry[] };

/**
 * The simplest implementation of the contract for one tenant with a schema: a list of profiles with their entries, copied
 * before each commit and searched linearly. Random commands are checked against it.
 */
export class ReferenceModel {
  #version = 1;
  #profiles: ModelProfile[] = [];

  get version(): number {
    return this.#version;
  }

  /** An independent copy. */
  fork(): ReferenceModel {
    const fork = new ReferenceModel();
    fork.#version = this.#version;
    fork.#profiles = [...this.#profiles];
    return fork;
  }

  profile(customerId: string): ModelProfile | undefined {
    return this.#profiles.find((profile) => profile.customerId === customerId);
  }

  commit(changes: readonly Change[]): CommitResult {
    if (changes.some((change) => change.schemaVersion !== this.#version)) return this.#schemaChanged();
    const next = this.fork();
    for (const [index, change] of changes.entries()) {
      const conflict = next.#apply(change, index);
      if (conflict !== undefined) return conflict;
    }
    this.#profiles = next.#profiles;
    return { outcome: 'committed' };
  }

  commitSchema(expectedVersion: number): SchemaCommitResult {
    if (expectedVersion !== this.#version) return this.#schemaChanged();
    this.#version++;
    return { outcome: 'committed' };
  }

  dropEntries(key: string): number {
    const before = this.#profiles.flatMap((profile) => profile.entries).length;
    this.#profiles = this.#profiles.map((profile) => ({
      ...profile,
      entries: profile.entries.filter((entry) => entry.key !== key),
    }));
    return before - this.#profiles.flatMap((profile) => profile.entries).length;
  }

  state(entries: readonly IndexEntry[]): TenantState {
    const sorted = this.#profiles.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1));
    return {
      schema: { version: this.#version, schema: sampleSchema(`${this.#version}`) },
      profiles: sorted.map(({ entries: _, ...profile }) => profile),
      holders: entries.map((entry) =>
        sorted.filter((profile) => has(profile, entry)).map(({ customerId }) => customerId),
      ),
    };
  }

  #apply(change: Change, index: number): CommitResult | undefined {
    const { customerId } = change;
    const current = this.profile(customerId);
    if (change.kind === 'create') {
      if (current !== undefined) return { outcome: 'id_taken', index };
    } else if (current?.revision !== change.expectedRevision || current.createdAt !== change.createdAt) {
      return { outcome: 'revision_changed', index, revision: current?.revision };
    }
    const others = this.#profiles.filter((profile) => profile !== current);
    const added = change.kind === 'delete' ? [] : change.addEntries;
    const taken = added.find((entry) => entry.unique && others.some((profile) => has(profile, entry)));
    if (taken !== undefined) return { outcome: 'entry_taken', index, key: taken.key };
    const next = nextState(change, current);
    this.#profiles = next === undefined ? others : [...others, next];
    return undefined;
  }

  #schemaChanged() {
    return { outcome: 'schema_changed', schemaVersion: this.#version } as const;
  }
}

function nextState(change: Change, current: ModelProfile | undefined): ModelProfile | undefined {
  if (change.kind === 'delete') return undefined;
  const entries = current?.entries ?? [];
  const added = change.addEntries.filter((entry) => current === undefined || !has(current, entry));
  if (change.kind === 'create') {
    const { customerId, segment, attributes, extensions, at } = change;
    return { customerId, revision: 1, segment, attributes, extensions, createdAt: at, updatedAt: at, entries: added };
  }
  if (current === undefined) return undefined;
  if (change.kind === 'index') return { ...current, entries: [...entries, ...added] };
  const kept = entries.filter((entry) => !change.removeEntries.some((removed) => isSame(entry, removed)));
  return {
    ...current,
    revision: current.revision + 1,
    segment: change.segment ?? current.segment,
    attributes: change.attributes,
    extensions: change.extensions ?? current.extensions,
    updatedAt: change.at,
    entries: [...kept, ...added],
  };
}

function has(profile: ModelProfile, entry: IndexEntry): boolean {
  return profile.entries.some((own) => isSame(own, entry));
}

function isSame(a: IndexEntry, b: IndexEntry): boolean {
  return a.key === b.key && a.digest === b.digest;
}

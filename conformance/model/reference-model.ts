import type { IndexEntry } from '../../src/model/documents.js';
import type {
  Change,
  CommitResult,
  SchemaCommitResult,
  StateMetadata,
  StoredProfile,
  StoredState,
} from '../../src/storage/profile-repository.js';
import { sampleSchema } from '../sample-changes.js';
import type { TenantState } from '../tenant-state.js';

interface ModelProfile {
  readonly profile: StoredProfile;
  readonly metadata: StateMetadata;
  readonly entries: readonly IndexEntry[];
}

/**
 * The simplest implementation of the contract for one tenant with a schema: lists of profiles with their entries, of kept
 * deletions and of former states, copied before each commit and searched linearly. Random commands are checked against it.
 */
export class ReferenceModel {
  #version = 1;
  #profiles: ModelProfile[] = [];
  #deletions: StoredState[] = [];
  #formerStates: StoredState[] = [];

  get version(): number {
    return this.#version;
  }

  /** An independent copy. */
  fork(): ReferenceModel {
    const fork = new ReferenceModel();
    fork.#version = this.#version;
    fork.#become(this);
    return fork;
  }

  profile(customerId: string): StoredProfile | undefined {
    return this.#find(customerId)?.profile;
  }

  commit(changes: readonly Change[], history = false): CommitResult {
    if (changes.some((change) => change.schemaVersion !== this.#version)) return this.#schemaChanged();
    const next = this.fork();
    const revisions: number[] = [];
    for (const [index, change] of changes.entries()) {
      const conflict = next.#conflict(change, index);
      if (conflict !== undefined) return conflict;
      revisions.push(next.#apply(change, history));
    }
    this.#become(next);
    return { outcome: 'committed', revisions };
  }

  commitSchema(expectedVersion: number): SchemaCommitResult {
    if (expectedVersion !== this.#version) return this.#schemaChanged();
    this.#version++;
    return { outcome: 'committed' };
  }

  dropEntries(key: string): number {
    const before = this.#profiles.flatMap(({ entries }) => entries).length;
    this.#profiles = this.#profiles.map((held) => ({
      ...held,
      entries: held.entries.filter((entry) => entry.key !== key),
    }));
    return before - this.#profiles.flatMap(({ entries }) => entries).length;
  }

  /** The states of a customer id, the newest first. */
  history(customerId: string): StoredState[] {
    const present = this.#find(customerId);
    const deletion = this.#deletions.find((state) => state.customerId === customerId);
    return [
      ...(present === undefined ? [] : [stateOf(present)]),
      ...(deletion === undefined ? [] : [deletion]),
      ...this.#formerStatesOf(customerId),
    ];
  }

  /** Removes all former states but the newest `keep` of each customer id, and returns how many. */
  prune(keep: number): number {
    const before = this.#formerStates.length;
    this.#formerStates = this.#formerStates.filter((state) =>
      this.#formerStatesOf(state.customerId).slice(0, keep).includes(state),
    );
    return before - this.#formerStates.length;
  }

  state(entries: readonly IndexEntry[]): TenantState {
    const sorted = this.#profiles.toSorted((a, b) => (a.profile.customerId < b.profile.customerId ? -1 : 1));
    return {
      schema: { version: this.#version, schema: sampleSchema(`${this.#version}`) },
      profiles: sorted.map(({ profile }) => profile),
      holders: entries.map((entry) =>
        sorted.filter((held) => has(held, entry)).map(({ profile }) => profile.customerId),
      ),
    };
  }

  #become(other: ReferenceModel): void {
    this.#profiles = [...other.#profiles];
    this.#deletions = [...other.#deletions];
    this.#formerStates = [...other.#formerStates];
  }

  #find(customerId: string): ModelProfile | undefined {
    return this.#profiles.find(({ profile }) => profile.customerId === customerId);
  }

  #formerStatesOf(customerId: string): StoredState[] {
    return this.#formerStates
      .filter((state) => state.customerId === customerId)
      .toSorted((a, b) => b.revision - a.revision);
  }

  #conflict(change: Change, index: number): CommitResult | undefined {
    const current = this.#find(change.customerId);
    const { revision, createdAt } = current?.profile ?? {};
    if (change.kind === 'create') {
      if (current !== undefined) return { outcome: 'id_taken', index };
    } else if (revision !== change.expectedRevision || createdAt !== change.createdAt) {
      return { outcome: 'revision_changed', index, revision };
    }
    const others = this.#profiles.filter((held) => held !== current);
    const added = change.kind === 'delete' ? [] : change.addEntries;
    const taken = added.find((entry) => entry.unique && others.some((held) => has(held, entry)));
    return taken === undefined ? undefined : { outcome: 'entry_taken', index, key: taken.key };
  }

  /** Applies a change without a conflict, and returns the revision of its profile. */
  #apply(change: Change, history: boolean): number {
    const { customerId } = change;
    const current = this.#find(customerId);
    const deletion = this.#deletions.find((state) => state.customerId === customerId);
    const revision = (current?.profile.revision ?? deletion?.revision ?? 0) + (change.kind === 'index' ? 0 : 1);
    const replaced = current === undefined ? deletion : stateOf(current);
    if (history && replaced !== undefined && change.kind !== 'index') this.#formerStates.push(replaced);
    this.#profiles = this.#profiles.filter((held) => held !== current);
    this.#deletions = this.#deletions.filter((state) => state !== deletion);
    if (change.kind !== 'delete') this.#profiles.push(nextState(change, current, revision));
    else if (history || this.#formerStatesOf(customerId).length > 0) {
      this.#deletions.push({ customerId, revision, at: change.at, metadata: change.metadata });
    }
    return revision;
  }

  #schemaChanged() {
    return { outcome: 'schema_changed', schemaVersion: this.#version } as const;
  }
}

function nextState(
  change: Exclude<Change, { kind: 'delete' }>,
  current: ModelProfile | undefined,
  revision: number,
): ModelProfile {
  const held = current?.entries ?? [];
  const removed = change.kind === 'update' ? change.removeEntries : [];
  const entries = [
    ...held.filter((entry) => !removed.some((one) => isSame(entry, one))),
    ...change.addEntries.filter((entry) => !held.some((one) => isSame(entry, one))),
  ];
  if (change.kind === 'index') return { ...(current as ModelProfile), entries };
  const { customerId, segment, attributes, residual, at, metadata } = change;
  const extensions = change.extensions ?? current?.profile.extensions;
  const createdAt = current?.profile.createdAt ?? at;
  const profile = { customerId, revision, segment, attributes, extensions, residual, createdAt, updatedAt: at };
  return { profile, metadata, entries };
}

function stateOf({ profile, metadata }: ModelProfile): StoredState {
  return { customerId: profile.customerId, revision: profile.revision, at: profile.updatedAt, metadata, profile };
}

function has({ entries }: ModelProfile, entry: IndexEntry): boolean {
  return entries.some((own) => isSame(own, entry));
}

function isSame(a: IndexEntry, b: IndexEntry): boolean {
  return a.key === b.key && a.digest === b.digest;
}

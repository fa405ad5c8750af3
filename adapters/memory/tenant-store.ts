import type {
  Change,
  CommitOptions,
  CreateChange,
  DeleteChange,
  HistoryPage,
  HistoryRequest,
  IndexEntry,
  ProfilePage,
  ReplaceChange,
  ReplaceResult,
  StateMetadata,
  StoredProfile,
  StoredSchema,
  StoredState,
  UpdateChange,
} from 'dossier/storage';
import { copyDocument } from './copy-document.js';
import { documentLength } from './document-length.js';
import { EntryIndex, nameOf } from './entry-index.js';
import { equalJson } from './equal-json.js';
import { FormerStates } from './former-states.js';
import { SortedIds } from './sorted-ids.js';

/** A page is full when its documents have this many characters of JSON: as copies, they take memory of their own. */
const MAX_PAGE_LENGTH = 8 * 1024 * 1024;

/** Immutable: a change stores a new object. */
interface ProfileState {
  readonly profile: StoredProfile;
  readonly metadata: StateMetadata;
  readonly canonical: CanonicalSince;
}

/** The schema versions by which documents are canonical; absent if they are not. */
interface CanonicalSince {
  readonly attributes?: number | undefined;
  readonly extensions?: number | undefined;
}

/** The data of one tenant. */
export class TenantStore {
  schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly entries = new EntryIndex();
  readonly customerIds = new SortedIds();
  readonly formerStates = new FormerStates();
  readonly #profiles = new Map<string, ProfileState>();
  /** The deletions that are kept and after which no profile was created. */
  readonly #deletions = new Map<string, StoredState>();

  /** The optimistic-lock token of a profile. */
  lockTokenOf(customerId: string): Pick<StoredProfile, 'revision' | 'createdAt'> | undefined {
    return this.#profiles.get(customerId)?.profile;
  }

  /** A defensive copy: the caller may mutate it. */
  read(customerId: string, withExtensions: boolean): StoredProfile | undefined {
    const profile = this.#profiles.get(customerId)?.profile;
    return profile && copyProfile(profile, withExtensions);
  }

  /** The first profiles with these ids, at most `limit`, and fewer where they are large. */
  readPage(customerIds: readonly string[], limit: number, withExtensions: boolean): ProfilePage {
    const profiles: StoredProfile[] = [];
    let length = 0;
    let read = 0;
    for (const customerId of customerIds.slice(0, limit)) {
      if (length >= MAX_PAGE_LENGTH) break;
      read++;
      const profile = this.read(customerId, withExtensions);
      if (profile === undefined) continue;
      profiles.push(profile);
      length += lengthOf(profile);
    }
    return { profiles, more: read < customerIds.length };
  }

  /** The states of a customer id, the newest first. */
  readStates(customerId: string, { before = Number.POSITIVE_INFINITY, limit }: HistoryRequest): HistoryPage {
    const present = this.#presentState(customerId);
    const former = this.formerStates.of(customerId);
    const requested = [...(present ? [present] : []), ...former].filter(({ revision }) => revision < before);
    const states: StoredState[] = [];
    let length = 0;
    for (const state of requested.slice(0, limit)) {
      if (length >= MAX_PAGE_LENGTH) break;
      const { profile } = state;
      states.push({ ...state, metadata: copyDocument(state.metadata), profile: profile && copyProfile(profile, true) });
      if (profile) length += lengthOf(profile);
    }
    return { schemaVersion: this.schema?.version, states, more: states.length < requested.length };
  }

  /**
   * Applies changes that have no conflict.
   *
   * @returns the revisions afterwards
   */
  apply(changes: readonly Change[], options: CommitOptions): number[] {
    // Removes first, so that one change may add an entry that another change of the commit removes.
    for (const change of changes) {
      if (change.kind === 'create' || change.kind === 'index') continue;
      for (const entry of change.removeEntries) this.entries.remove(entry, change.customerId);
    }
    return changes.map((change) => {
      const revision = this.#applyToProfile(change, options);
      if (change.kind === 'delete') return revision;
      for (const entry of change.addEntries) this.entries.add(entry, change.customerId);
      return revision;
    });
  }

  /** Replaces a profile, unless what is stored needs a look. */
  replace(change: ReplaceChange, options: CommitOptions): ReplaceResult {
    const { customerId, metadata, attributes, extensions, schemaVersion } = change;
    const state = this.#profiles.get(customerId);
    if (state === undefined || !this.#isComparable(state, change)) return { outcome: 'look' };
    const { profile: current, canonical } = state;
    const segment = change.segment === undefined ? current.segment : (change.segment ?? undefined);
    const isUnchanged =
      segment === current.segment &&
      equalJson(attributes, current.attributes) &&
      (extensions === undefined || equalJson(extensions, current.extensions));
    if (isUnchanged) return { outcome: 'unchanged', ...stampsOf(current) };
    if (change.entries.some((entry) => this.#isTaken(entry, customerId))) return { outcome: 'look' };
    const present = this.#presentState(customerId);
    const updatedAt = notBefore(change.at, present);
    if (options.history && present !== undefined) this.formerStates.keep(present, updatedAt);
    this.#replaceEntries(change);
    const given = copyDocument({ attributes, extensions, metadata });
    const profile = {
      ...current,
      revision: current.revision + 1,
      segment,
      attributes: given.attributes,
      extensions: given.extensions ?? current.extensions,
      updatedAt,
    };
    this.#profiles.set(customerId, {
      profile,
      metadata: given.metadata,
      canonical: { attributes: schemaVersion, extensions: extensions ? schemaVersion : canonical.extensions },
    });
    return { outcome: 'replaced', ...stampsOf(profile) };
  }

  #isComparable({ profile, canonical }: ProfileState, { schemaVersion, canonicalSince, extensions }: ReplaceChange) {
    return (
      this.schema?.version === schemaVersion &&
      profile.residual === undefined &&
      (canonical.attributes ?? 0) >= canonicalSince &&
      (extensions === undefined || (canonical.extensions ?? 0) >= canonicalSince)
    );
  }

  #isTaken(entry: IndexEntry, customerId: string): boolean {
    return entry.unique && this.entries.holders(entry, undefined, 2).some((holder) => holder !== customerId);
  }

  #replaceEntries({ customerId, keys, entries }: ReplaceChange): void {
    const kept = new Set(entries.map(nameOf));
    for (const entry of this.entries.of(customerId)) {
      if (keys.includes(entry.key) && !kept.has(nameOf(entry))) this.entries.remove(entry, customerId);
    }
    for (const entry of entries) this.entries.add(entry, customerId);
  }

  #applyToProfile(change: Change, options: CommitOptions): number {
    const present = this.#presentState(change.customerId);
    if (change.kind === 'index') return present?.revision ?? 0;
    if (options.history && present !== undefined) this.formerStates.keep(present, notBefore(change.at, present));
    if (change.kind === 'create') return this.#create(change, present);
    const revision = (present?.revision ?? 0) + 1;
    if (change.kind === 'update') this.#update(change, revision);
    else this.#delete(change, revision, options);
    return revision;
  }

  /** @param deletion that of the profile that had the id before */
  #create(change: CreateChange, deletion: StoredState | undefined): number {
    const { customerId, metadata, segment, attributes, extensions, residual, at } = change;
    const revision = (deletion?.revision ?? 0) + 1;
    const updatedAt = notBefore(at, deletion);
    const profile = { customerId, revision, segment, attributes, extensions, residual, createdAt: at, updatedAt };
    this.#profiles.set(customerId, copyDocument({ profile, metadata, canonical: canonicalSince(change) }));
    this.#deletions.delete(customerId);
    this.customerIds.add(customerId);
    return revision;
  }

  #update(change: UpdateChange, revision: number): void {
    const state = this.#profiles.get(change.customerId);
    if (state === undefined) return;
    const { profile: current, canonical } = state;
    const { customerId, metadata, segment, attributes, extensions, residual, at: updatedAt } = change;
    const { createdAt } = current;
    const next = { customerId, revision, segment, attributes, extensions, residual, createdAt, updatedAt };
    const { profile, ...others } = copyDocument({ profile: next, metadata });
    this.#profiles.set(customerId, {
      ...others,
      canonical: { ...canonical, ...canonicalSince(change) },
      profile: { ...profile, extensions: profile.extensions ?? current.extensions },
    });
  }

  #delete({ customerId, metadata, at }: DeleteChange, revision: number, { history }: CommitOptions): void {
    this.#profiles.delete(customerId);
    this.customerIds.delete(customerId);
    // Otherwise, a profile created anew would get the revisions that former states have.
    if (!history && !this.formerStates.has(customerId)) return;
    this.#deletions.set(customerId, { customerId, revision, at, metadata: copyDocument(metadata) });
  }

  #presentState(customerId: string): StoredState | undefined {
    const state = this.#profiles.get(customerId);
    if (state === undefined) return this.#deletions.get(customerId);
    const { profile, metadata } = state;
    return { customerId, revision: profile.revision, at: profile.updatedAt, metadata, profile };
  }
}

/** The versions of the documents that a change gives. */
function canonicalSince({ canonical, schemaVersion, extensions }: CreateChange | UpdateChange): CanonicalSince {
  const version = canonical ? schemaVersion : undefined;
  return { attributes: version, ...(extensions && { extensions: version }) };
}

/** What a replacement tells of the profile afterwards. */
function stampsOf({ revision, segment, createdAt, updatedAt }: StoredProfile) {
  return { revision, segment, createdAt, updatedAt };
}

/** The clocks of two servers may differ, but the times of one customer id never decrease with its revisions (H1). */
function notBefore(at: string, former: StoredState | undefined): string {
  return former !== undefined && former.at > at ? former.at : at;
}

function copyProfile(profile: StoredProfile, withExtensions: boolean): StoredProfile {
  const { attributes, extensions, residual, ...others } = profile;
  return {
    ...others,
    attributes: copyDocument(attributes),
    extensions: withExtensions ? copyDocument(extensions) : undefined,
    residual: copyDocument(residual),
  };
}

function lengthOf({ attributes, extensions, residual }: StoredProfile): number {
  return documentLength(attributes) + documentLength(extensions) + documentLength(residual);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Change,
  CommitOptions,
  CreateChange,
  DeleteChange,
  ErasureReceipt,
  ErasureRequest,
  ErasureResult,
  FindRequest,
  HistoryPage,
  HistoryRequest,
  IndexEntry,
  Lineage,
  MergedAway,
  ProfilePage,
  ReplaceChange,
  ReplaceLine,
  ReplaceResult,
  StateMetadata,
  StateToken,
  StoredProfile,
  StoredSchema,
  StoredState,
  UpdateChange,
} from 'dossier/storage';
import type { ChangeFeed } from './change-feed.js';
import { copyDocument } from './copy-document.js';
import { documentLength, MAX_PAGE_LENGTH } from './document-length.js';
import { EntryIndex, nameOf } from './entry-index.js';
import { equalJson } from './equal-json.js';
import { FormerStates } from './former-states.js';
import { SortedIds } from './sorted-ids.js';

/** A profile of more characters than this takes milliseconds to copy. */
const LARGE_PROFILE = 65_536;

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

interface Deletion extends StoredState {
  readonly createdAt: string;
  /** Present if the customer id is erased. */
  readonly receipt?: ErasureReceipt | undefined;
}

/** The data of one tenant. */
export class TenantStore {
  schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly entries = new EntryIndex();
  readonly customerIds = new SortedIds();
  readonly formerStates = new FormerStates();
  readonly #profiles = new Map<string, ProfileState>();
  /** The deletions that are kept and after which no profile was created. */
  readonly #deletions = new Map<string, Deletion>();
  readonly #tenantId: string;
  readonly #feed: ChangeFeed;

  constructor(tenantId: string, feed: ChangeFeed) {
    this.#tenantId = tenantId;
    this.#feed = feed;
  }

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
  async readPage(
    customerIds: readonly string[],
    { limit, extensions, documents = true }: Omit<FindRequest, 'after'>,
  ): Promise<ProfilePage> {
    const stored = customerIds.flatMap((customerId) => {
      const profile = this.#profiles.get(customerId)?.profile;
      if (profile === undefined) return [];
      return documents
        ? { ...profile, extensions: extensions ? profile.extensions : undefined }
        : { ...profile, attributes: {}, extensions: undefined, residual: undefined };
    });
    const copyOf = (profile: StoredProfile) => copyProfile(profile, true);
    const { items, more } = await copyPage(stored, limit, (profile) => profile, copyOf);
    return { profiles: items, more };
  }

  /** The id of the erasure of a customer id; `undefined` if it is not erased. */
  erasureOf(customerId: string): string | undefined {
    return this.#deletions.get(customerId)?.receipt?.erasure;
  }

  /** What is kept of a customer id, and what was merged into it. */
  lineage(customerId: string): Lineage | undefined {
    const profile = this.#profiles.get(customerId)?.profile;
    const deletion = this.#deletions.get(customerId);
    if (profile) return { ...tokenOf(profile), exists: true, merged: this.#mergedInto(customerId) };
    if (deletion === undefined) return undefined;
    const { revision, createdAt, at: updatedAt, metadata, receipt } = deletion;
    const mergedInto = metadata?.operation === 'merge' ? metadata.counterpart : undefined;
    const token = { customerId, revision, createdAt, updatedAt, exists: false };
    return { ...token, mergedInto, receipt: copyDocument(receipt), merged: this.#mergedInto(customerId) };
  }

  /** Removes all that is kept of the targets, if they are what they must be. */
  erase({ receipt, targets, formerStates, line, dryRun }: ErasureRequest): ErasureResult {
    for (const { customerId, exists, expectedRevision, createdAt } of targets) {
      const profile = this.#profiles.get(customerId)?.profile;
      const found = exists ? profile : this.#deletions.get(customerId);
      if (found?.revision !== expectedRevision || found.createdAt !== createdAt) return { outcome: 'changed' };
    }
    const through = [
      ...targets.map(({ customerId }) => ({ customerId, through: Number.POSITIVE_INFINITY })),
      ...formerStates,
    ];
    const removed = {
      profiles: targets.filter(({ customerId }) => this.#profiles.has(customerId)).length,
      states: sum(through.map((one) => this.formerStates.removeThrough(one.customerId, one.through, dryRun))),
      entries: sum(targets.map(({ customerId }) => this.entries.removeHolder(customerId, dryRun))),
    };
    if (dryRun) return { outcome: 'erased', removed };
    const { actor, reason } = receipt;
    const metadata = { operation: 'erase', actor, reason } as const;
    for (const one of through) this.#feed.redact(this.#tenantId, one.customerId, one.through);
    for (const { customerId, expectedRevision, createdAt, at } of targets) {
      const revision = expectedRevision + 1;
      this.#profiles.delete(customerId);
      this.customerIds.delete(customerId);
      this.#deletions.set(customerId, {
        ...{ customerId, revision, createdAt, at, metadata },
        receipt: copyDocument({ ...receipt, removed }),
      });
      if (line)
        this.#feed.add({ ...line, tenantId: this.#tenantId, customerId, revision, at, metadata, deleted: true });
    }
    return { outcome: 'erased', removed };
  }

  /** The states of a customer id, the newest first. */
  async readStates(
    customerId: string,
    { before = Number.POSITIVE_INFINITY, limit }: HistoryRequest,
  ): Promise<HistoryPage> {
    const present = this.#presentState(customerId);
    const former = this.formerStates.of(customerId);
    const requested = [...(present ? [present] : []), ...former].filter(({ revision }) => revision < before);
    const schemaVersion = this.schema?.version;
    const copyOf = ({ profile, metadata, ...state }: StoredState): StoredState => {
      return { ...state, metadata: copyDocument(metadata), profile: profile && copyProfile(profile, true) };
    };
    const { items, more } = await copyPage(requested, limit, ({ profile }) => profile, copyOf);
    return { schemaVersion, states: items, more };
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
      if (options.changes) this.#addLine(change, revision);
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
    if (change.line !== undefined) this.#addReplaceLine(change, change.line, current, profile);
    return { outcome: 'replaced', ...stampsOf(profile) };
  }

  #isComparable({ profile, canonical }: ProfileState, change: ReplaceChange) {
    const { schemaVersion, canonicalSince, extensions, expected } = change;
    return (
      this.schema?.version === schemaVersion &&
      (expected === undefined || isInState(profile, expected)) &&
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

  #delete(
    { customerId, metadata, at, createdAt }: DeleteChange,
    revision: number,
    { history, changes }: CommitOptions,
  ): void {
    this.#profiles.delete(customerId);
    this.customerIds.delete(customerId);
    // Otherwise, a recreated profile would get the revisions that former states or lines have.
    if (!history && !changes && !this.formerStates.has(customerId) && !this.#feed.has(this.#tenantId, customerId))
      return;
    this.#deletions.set(customerId, { customerId, revision, createdAt, at, metadata: copyDocument(metadata) });
  }

  /** In memory, looking at all deletions is fast enough. */
  #mergedInto(customerId: string): MergedAway[] {
    const merges = [
      ...Array.from(this.#deletions.values(), (state) => ({ state, next: undefined })),
      ...Array.from(this.formerStates.merges(), ({ state, next = this.#presentState(state.customerId) }) => {
        return { state, next };
      }),
    ];
    return merges.flatMap(({ state, next }) => {
      const { operation, counterpart } = state.metadata ?? {};
      if (operation !== 'merge' || counterpart !== customerId || isTakenBack(next)) return [];
      return { customerId: state.customerId, revision: state.revision, at: state.at };
    });
  }

  #addLine(change: Change, revision: number): void {
    if (change.kind === 'index' || change.line === undefined) return;
    const { kind, customerId, metadata, line } = change;
    const { at = change.at } = this.#presentState(customerId) ?? {};
    const deleted = kind === 'delete';
    this.#feed.add({ tenantId: this.#tenantId, customerId, revision, at, metadata, deleted, ...line });
  }

  #addReplaceLine(
    { metadata }: ReplaceChange,
    { origin, attributes, extensions }: ReplaceLine,
    before: StoredProfile,
    { customerId, revision, updatedAt: at, ...after }: StoredProfile,
  ): void {
    const [old, fresh] = [membersOf(before), membersOf(after)];
    const changed = [...attributes, ...extensions, 'segment']
      .filter((name) => !equalJson(old.get(name), fresh.get(name)))
      .map((name) => `/${name}`);
    this.#feed.add({ tenantId: this.#tenantId, customerId, revision, at, metadata, deleted: false, origin, changed });
  }

  #presentState(customerId: string): StoredState | undefined {
    const state = this.#profiles.get(customerId);
    if (state !== undefined) {
      const { profile, metadata } = state;
      return { customerId, revision: profile.revision, at: profile.updatedAt, metadata, profile };
    }
    const deletion = this.#deletions.get(customerId);
    return deletion && { customerId, revision: deletion.revision, at: deletion.at, metadata: deletion.metadata };
  }
}

function membersOf({ attributes, extensions, segment }: Partial<StoredProfile>): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([...Object.entries({ ...attributes, ...extensions }), ['segment', segment]]);
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

function isInState(profile: StoredProfile, { revision, createdAt, updatedAt }: StateToken): boolean {
  return (
    profile.revision === revision &&
    (createdAt ?? profile.createdAt) === profile.createdAt &&
    (updatedAt ?? profile.updatedAt) === profile.updatedAt
  );
}

/** Whether the profile that was merged away came back as it was. */
function isTakenBack(next: StoredState | undefined): boolean {
  return next?.metadata?.operation === 'unmerge' || next?.metadata?.operation === 'restore';
}

function tokenOf({ customerId, revision, createdAt, updatedAt }: StoredProfile) {
  return { customerId, revision, createdAt, updatedAt };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
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

/**
 * Copies the first items, at most `limit`, and fewer where their documents are large. All are immutable, so a page is one
 * snapshot although the event loop turns after each large item.
 */
async function copyPage<Item>(
  stored: readonly Item[],
  limit: number,
  documentsOf: (item: Item) => StoredProfile | undefined,
  copyOf: (item: Item) => Item,
): Promise<{ readonly items: readonly Item[]; readonly more: boolean }> {
  const items: Item[] = [];
  let total = 0;
  for (const item of stored.slice(0, limit)) {
    const documents = documentsOf(item);
    const length = documents ? lengthOf(documents) : 0;
    total += length;
    if (length > LARGE_PROFILE) await nextTurn();
    if (items.length > 0 && total > MAX_PAGE_LENGTH) break;
    items.push(copyOf(item));
    if (length > LARGE_PROFILE) await nextTurn();
  }
  return { items, more: items.length < stored.length };
}

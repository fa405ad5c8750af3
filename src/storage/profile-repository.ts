import type {
  AttributesDocument,
  ExtensionsDocument,
  IndexEntry,
  MemberNames,
  ResidualDocument,
} from '../model/documents.js';
import type { Operation } from '../model/operation.js';
import type { ServerMode } from '../model/server-mode.js';
import type { StoredSchema } from '../model/stored-schema.js';
import type { ChangesPage, ChangesRequest, LineContent, PruneChangesRequest } from './change-lines.js';
import type { ErasureRequest, ErasureResult, Lineage } from './erasure.js';

/** A profile as stored. */
export interface StoredProfile {
  readonly customerId: string;
  readonly revision: number;
  /**
   * 1 to 64 characters of any well-formed text without NUL. The services accept less, printable ASCII without a blank
   * at either end, but a repository must not rely on it.
   */
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  /** Absent if the call did not request it. Otherwise the document, which is `{}` for a profile without extensions. */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Absent if the profile has no residual values (R23). */
  readonly residual?: ResidualDocument | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** How a state of a profile came to be (H1). Stored with the state, and returned by `history` alone. */
export interface StateMetadata {
  /** An opaque text of 1 to 32 ASCII characters to a repository, which may meet operations that it does not know. */
  readonly operation: Operation;
  /** 1 to 256 code points of well-formed text without control characters, as is the reason. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  /** The customer id of the other profile of a merge, or of an unmerge. */
  readonly counterpart?: string | undefined;
}

/** A state of a customer id, former or present: the profile after one of its changes, or its deletion. */
export interface StoredState {
  readonly customerId: string;
  readonly revision: number;
  /** The timestamp of the change that made the state. */
  readonly at: string;
  /** Absent for a state that was written before the storage kept metadata. */
  readonly metadata?: StateMetadata | undefined;
  /** With its extensions. Absent for a deletion. */
  readonly profile?: StoredProfile | undefined;
}

/** The result of {@link ProfileRepository.history}. All of it is read from the same snapshot. */
export interface HistoryPage {
  /** The version of the tenant's schema. Absent if the tenant has no schema. */
  readonly schemaVersion?: number | undefined;
  /** The newest first: at most `limit`, and fewer where they would be too large together. */
  readonly states: readonly StoredState[];
  /** As in {@link ProfilePage}: false if no older state is kept. */
  readonly more: boolean;
}

/** Which states to read: at most `limit`, the newest first. */
export interface HistoryRequest {
  /** Only states of lower revisions. */
  readonly before?: number | undefined;
  /** The maximum number of states, 1 to 1,000. */
  readonly limit: number;
}

/** Which former states to remove: those that either limit excludes, of at most `limit` customer ids. */
export interface PruneRequest {
  /** How many former states of each customer id remain, the newest ones: an integer from 0. If absent, any number. */
  readonly keep?: number | undefined;
  /** Removes states that were replaced before this timestamp. */
  readonly replacedBefore?: string | undefined;
  /** Only customer ids after this one, exclusive. Need not be the id of an existing profile. */
  readonly after?: string | undefined;
  /** The maximum number of customer ids, 1 to 1,000. */
  readonly limit: number;
}

/** The result of {@link ProfileRepository.prune}. */
export interface PruneResult {
  /** How many former states were removed. */
  readonly removed: number;
  /** Where to go on: the `after` of the next call. Absent if no further customer id has former states. */
  readonly next?: string | undefined;
}

/** The result of {@link ProfileRepository.load}. Both members are read from the same snapshot. */
export interface Loaded {
  /** The version of the tenant's schema. Absent if the tenant has no schema. */
  readonly schemaVersion?: number | undefined;
  /** Absent if the profile does not exist. */
  readonly profile?: StoredProfile | undefined;
}

/** A page of profiles, in byte order of their customer ids. */
export interface ProfilePage {
  /** At most `limit` profiles, and fewer where they would be too large together. */
  readonly profiles: readonly StoredProfile[];
  /**
   * False: no profile follows the last one, whatever the number of profiles. True: read on after the last one, where there
   * may be none; the page then has at least one profile, so that every walk ends.
   */
  readonly more: boolean;
}

/** The result of {@link ProfileRepository.find}. */
export interface Found extends ProfilePage {
  /** The version of the tenant's schema. Absent if the tenant has no schema. */
  readonly schemaVersion?: number | undefined;
}

interface ChangeBase {
  readonly customerId: string;
  /** A precondition: the version of the tenant's newest schema, by which the change was decided (R16). */
  readonly schemaVersion: number;
}

/**
 * Creates a profile. Precondition: no profile of the tenant has the customer id. Its revision is 1; under the id of a
 * profile whose deletion is kept, it is the revision of the deletion plus one.
 */
export interface CreateChange extends ChangeBase {
  readonly kind: 'create';
  readonly metadata: StateMetadata;
  readonly line?: LineContent | undefined;
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
  readonly residual?: ResidualDocument | undefined;
  /**
   * Becomes `createdAt` and `updatedAt`: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`, or with up to six more digits before the `Z`.
   * Stored verbatim and compared as text. The clocks of two servers may differ, so a later change may have an earlier
   * timestamp.
   */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
  /** As in {@link UpdateChange}. */
  readonly canonical?: boolean | undefined;
  /**
   * The id of an erasure. A precondition: the customer id is not erased (E2), or by this erasure. Absent: it is not erased.
   */
  readonly afterErasure?: string | undefined;
}

/**
 * The preconditions of a change to an existing profile. Both are needed: where deletions are not kept, a profile that was
 * deleted and recreated under the same customer id starts at revision 1 again.
 */
interface ChangeOfStored extends ChangeBase {
  readonly expectedRevision: number;
  /** The creation timestamp of the profile by which the change was decided. */
  readonly createdAt: string;
}

/** Updates a profile, and adds one to its revision. */
export interface UpdateChange extends ChangeOfStored {
  readonly kind: 'update';
  readonly metadata: StateMetadata;
  readonly line?: LineContent | undefined;
  /** If absent, the profile has no segment afterwards. */
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  /** If absent, the extensions stay as they are (R7): they need not be read or written. */
  readonly extensions?: ExtensionsDocument | undefined;
  /** If absent, the profile has no residual values afterwards. */
  readonly residual?: ResidualDocument | undefined;
  /** Becomes `updatedAt`. */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
  readonly removeEntries: readonly IndexEntry[];
  /**
   * Whether the documents that the change gives are as a {@link ReplaceChange} by its schema version would give them. A
   * repository that has `replace` stores the version with each of them; any other ignores it. Default false.
   */
  readonly canonical?: boolean | undefined;
}

/** Deletes a profile. Where the deletion is kept, it is a state of its own, with the next revision and no content. */
export interface DeleteChange extends ChangeOfStored {
  readonly kind: 'delete';
  readonly metadata: StateMetadata;
  readonly line?: LineContent | undefined;
  /** The timestamp of the deletion. */
  readonly at: string;
  /** All index entries of the profile. */
  readonly removeEntries: readonly IndexEntry[];
}

/** Adds index entries to a profile. The profile and its revision stay as they are. */
export interface IndexChange extends ChangeOfStored {
  readonly kind: 'index';
  readonly addEntries: readonly IndexEntry[];
}

/**
 * One change of a commit. Entries are idempotent: adding one that the profile has, or removing one that it lacks, has
 * no effect. No change adds and removes the same entry.
 */
export type Change = CreateChange | UpdateChange | DeleteChange | IndexChange;

/** The result of a commit. A conflict is a result, not an exception, so that a host's transaction survives it. */
export type CommitResult =
  /**
   * All changes took effect. `revisions` are those of their profiles afterwards, in the order of the changes: for a
   * deletion, the next revision, whether it is kept or not; for an `index` change, the one that the profile has.
   */
  | { readonly outcome: 'committed'; readonly revisions: readonly number[] }
  /** The schema has another version. `schemaVersion` is the newest one; it is absent if the tenant has no schema. */
  | { readonly outcome: 'schema_changed'; readonly schemaVersion?: number | undefined }
  /**
   * The profile of the change at `index` has another revision, or was recreated under the same id. `revision` is its
   * current revision; it is absent if the profile does not exist.
   */
  | { readonly outcome: 'revision_changed'; readonly index: number; readonly revision?: number | undefined }
  /** The customer id of the creation at `index` belongs to another profile. */
  | { readonly outcome: 'id_taken'; readonly index: number }
  /** The customer id of the creation at `index` is erased, and not by its `afterErasure` (E2). */
  | { readonly outcome: 'erased'; readonly index: number }
  /**
   * A unique entry of the change at `index` belongs to another profile. `key` is its key; if several do, that of any
   * one.
   */
  | { readonly outcome: 'entry_taken'; readonly index: number; readonly key: string };

/**
 * Replaces the documents of a profile, whatever they are, if what is stored needs no look for that. Adds one to the
 * revision, unless the profile already is what it would become (R13).
 */
export interface ReplaceChange extends ChangeBase {
  /** The state that the profile must be in; absent if any will do. In any other state, it needs a look (R14). */
  readonly expected?: StateToken | undefined;
  readonly metadata: StateMetadata;
  /** `undefined` keeps the stored segment, `null` removes it. */
  readonly segment?: string | null | undefined;
  readonly attributes: AttributesDocument;
  /** If absent, the extensions stay as they are (R7): they need not be read or written. None is empty. */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Becomes `updatedAt`, unless the stored one is later as text: the times of a profile never decrease (H1). */
  readonly at: string;
  /** The keys that the change decides: the profile has exactly `entries` of them afterwards. Those of other keys stay. */
  readonly keys: readonly string[];
  /** At most 1,000 of a key. */
  readonly entries: readonly IndexEntry[];
  /**
   * The members from which entries of `keys` are made. A profile of which none of these would change has exactly `entries`, so that
   * a repository need not compare them: its extensions do not change if the change gives none. Absent where that is not certain.
   */
  readonly indexed?: MemberNames | undefined;
  /** What the line says that the change leaves; given with `options.changes`, and only then. */
  readonly line?: ReplaceLine | undefined;
  /**
   * The lowest schema version by which canonical documents may be compared with these: as texts, since they have their
   * members in the same order.
   */
  readonly canonicalSince: number;
}

/**
 * What the line of a replacement says beside the metadata, and the names of all attributes and extensions that a profile
 * may have. What changed, the repository finds out: `changed` has a JSON pointer, a slash and the name, to each whose value
 * differs, in this order, and at last to `segment`, which is the name of no other.
 */
export interface ReplaceLine extends MemberNames {
  readonly origin?: string | undefined;
}

/**
 * Names a state of a profile: by its revision or, if they are given, by the timestamps as well, which tell it apart from
 * one with this revision that was rolled back.
 */
export interface StateToken {
  readonly revision: number;
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string | undefined;
}

/** The result of {@link ProfileRepository.replace}. */
export type ReplaceResult =
  /** The profile is what the change made it, or, if `unchanged`, was so before. */
  | {
      readonly outcome: 'replaced' | 'unchanged';
      /** The revision, the segment and the timestamps of the profile afterwards. */
      readonly revision: number;
      readonly segment?: string | undefined;
      readonly createdAt: string;
      readonly updatedAt: string;
    }
  /** Nothing was done. The caller loads the profile, decides by what is stored, and commits. */
  | { readonly outcome: 'look' };

/** A change of a tenant's schema. The repository stores `schema` as version `expectedVersion + 1`. */
export interface SchemaChange {
  /** A precondition: the current version of the schema, or 0 if the tenant must have none. */
  readonly expectedVersion: number;
  readonly schema: StoredSchema;
}

/** The result of a schema change. */
export type SchemaCommitResult =
  | { readonly outcome: 'committed' }
  /** The schema has another version, `schemaVersion`; it is absent if the tenant has no schema. */
  | { readonly outcome: 'schema_changed'; readonly schemaVersion?: number | undefined };

/** Which profiles that have an entry to read, and what of them. */
export interface FindRequest extends PageRequest {
  readonly extensions: boolean;
  /**
   * False: the caller needs no documents, so they need not be read, and a page need not be bounded by their bytes. Profiles
   * may then have `{}` for their attributes, and no extensions and residual values. Default true.
   */
  readonly documents?: boolean | undefined;
}

/** What a commit keeps, beside what it changes. */
export interface CommitOptions {
  /**
   * Whether the states that the commit replaces are kept, and deletions as well, for {@link ProfileRepository.history}.
   * Never true unless the repository declares the capability.
   */
  readonly history: boolean;
  /**
   * Whether the commit leaves a line for each profile that it changes, for {@link ProfileRepository.changes}. Each of its
   * changes but `index` then has a `line`. Never true unless the repository declares the capability. Default false.
   */
  readonly changes?: boolean | undefined;
}

/** What a repository can do beyond the methods that each has. What it does not declare is never asked of it. */
export interface RepositoryCapabilities {
  /** It keeps former states (H1): it has the methods `history` and `prune`, and heeds {@link CommitOptions.history}. */
  readonly history?: boolean | undefined;
  /** It replaces a profile without having loaded it: it has the method `replace`, and stores what is canonical. */
  readonly replace?: boolean | undefined;
  /** It keeps a feed (C1): it has the methods `changes` and `pruneChanges`, and heeds {@link CommitOptions.changes}. */
  readonly changes?: boolean | undefined;
  /** It removes all that it keeps of a person (E1): it has the methods `lineage` and `erase`. */
  readonly erasure?: boolean | undefined;
  /** It stores the mode of the server (W14): it has the methods `loadServerMode` and `storeServerMode`. */
  readonly serverMode?: boolean | undefined;
}

/** Which page to read: at most `limit` profiles after a customer id. */
export interface PageRequest {
  /** Exclusive. Need not be the id of an existing profile. Absent for the first page. */
  readonly after?: string | undefined;
  /** The maximum number of profiles, 1 to 1,000. */
  readonly limit: number;
}

/**
 * The storage port: a compare-and-set store of one document per profile, with index entries. The services apply the
 * rules; the repository only stores.
 *
 * Each operation sees and changes one tenant only (R17), but for the mode of the server. Tenant ids and customer ids have 1 to 64 characters of `A-Z
 * a-z 0-9 . _ ~ -`. They, keys and digests are compared byte for byte, customer ids are sorted in byte order (R20), and
 * none of them contains NUL. Documents of up to 1 MiB each are returned exactly as they were stored, with members of
 * any name. Arguments and results are never aliased: mutating one later does not affect the store.
 *
 * An expected outcome is a result; only a failure throws: `StorageUnavailableError` if the storage is unreachable or
 * gives up. Its `outcomeUnknown` is true if a `commit` or `commitSchema` may have taken effect all the same, and false
 * for every other method. Commits must be atomic: there is no weaker mode.
 */
export interface ProfileRepository<Transaction = never> {
  /** If absent, none. */
  readonly capabilities?: RepositoryCapabilities | undefined;

  /**
   * Reads a profile and the version of its tenant's schema, from the same snapshot.
   *
   * Racing callers: each commit is visible entirely or not at all, and every commit acknowledged before the call is
   * visible.
   */
  load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded>;

  /**
   * Applies all changes in order, or none of them. A change may add a unique entry that an earlier change removes from
   * its profile, and may not add one that an earlier change adds. Whether it may add one that a later change removes is
   * up to the repository.
   *
   * A commit has 1 to 1,000 changes, of different profiles of one tenant. A change adds at most 1,000 entries of a key
   * and removes at most 1,000. In total, a commit may exceed what one statement or packet of the database holds.
   * Changes are captured at the call: the caller may mutate them while the commit is pending, as with the arguments of
   * every method.
   *
   * Racing callers: commits are serializable. Of any number of commits that expect the same revision of a profile
   * (R14), create the same customer id, or add the same unique entry (R19), exactly one returns `committed`. A commit
   * and a schema change never both succeed on the same schema version: if the commit comes second, it returns
   * `schema_changed`; if the schema change comes second, whoever reads after it sees the commit (R16).
   *
   * If there are several conflicts, `schema_changed` takes precedence; then the change with the lowest index; then,
   * within a change, its id or revision before its entries.
   *
   * With `options.history`, each state that an update replaces or a deletion ends is kept as it was, with its metadata, in
   * the same commit: a commit that is refused or rolled back keeps none, and one that takes effect keeps them all. The
   * deletion is kept as a state without content, and a later creation under its id goes on with the next revision.
   * Without `options.history`, a commit keeps no state. It leaves those that are kept, and the deletion of a profile that
   * has some is kept all the same, since no revision may name two states.
   *
   * With `options.changes`, each change but `index` leaves a line, in the same commit: a commit that is refused or rolled
   * back leaves none, and one that takes effect leaves them all. Deletions are then kept, as with `options.history`, as is
   * the deletion of a profile that has lines.
   */
  commit(tenantId: string, changes: readonly Change[], options: CommitOptions): Promise<CommitResult>;

  /**
   * Replaces a profile without loading it, in one atomic step and, where the storage can, in one round trip: finds the
   * profile, compares, keeps the state that it replaces if `options.history` says so, as `commit` does, removes the entries
   * that are no more, adds those that are new, stores the documents as canonical by the schema version, and with
   * `options.changes` leaves a line. Optional, and required by the capability `replace`: without it, the services load, decide
   * and commit.
   *
   * It returns `look`, having done nothing, where
   *
   * - the schema has another version than the change, or the profile does not exist;
   * - the profile is not in the expected state (R14);
   * - the profile has residual values;
   * - a document that the change gives was last written by a change that was not canonical, or by a schema version before
   *   `canonicalSince`;
   * - a unique entry belongs to another profile;
   * - or the repository cannot tell, for example because it met concurrent changes. It need not try again.
   *
   * `unchanged` leaves no trace: neither the revision nor a timestamp, the metadata, an entry, a former state or a line
   * changes or is added.
   *
   * Racing callers: as with `commit`, with which it is serializable. Of racing replacements each either replaces what the
   * one before it left, with all of its entries and its metadata, or returns `look`. An `index` change never races with it: the
   * services replace in this way only by a schema version of which no key is backfilling.
   */
  replace?(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult>;

  /**
   * Reads a page of the profiles that have an index entry, in byte order of their ids, and the version of the tenant's
   * schema, all from the same snapshot: every profile of the page has the entry. `entry.unique` is the same as when the
   * entry was added. Pages are bounded as those of {@link ProfileRepository.page} are.
   *
   * Racing callers: each commit is visible entirely or not at all, and every commit acknowledged before the call is
   * visible. A walk over the pages returns a profile that has the entry throughout the walk exactly once.
   */
  find(tenantId: string, entry: IndexEntry, page: FindRequest): Promise<Found>;

  /**
   * Reads a page of all profiles of a tenant, with extensions, in byte order of their ids. A page may have fewer profiles
   * than the limit, and must where the documents are large: a thousand of 2 MiB are more than a process holds. Only
   * `more` tells whether the walk goes on.
   *
   * Racing callers: a walk over the pages returns a profile that exists throughout the walk exactly once, with
   * attributes and extensions of the same revision. Every commit acknowledged before the call is visible, also to a later
   * page. The profiles of a page need not come from the same snapshot.
   */
  page(tenantId: string, page: PageRequest): Promise<ProfilePage>;

  /**
   * Reads the tenant's newest schema and its version, from the same snapshot. `undefined` if the tenant has no schema.
   *
   * Racing callers: each schema change is visible entirely or not at all, and every one acknowledged before the call is
   * visible.
   */
  loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined>;

  /**
   * Stores the next version of a tenant's schema, if the current one is `expectedVersion`.
   *
   * Racing callers: of any number of changes that expect the same version, exactly one returns `committed`.
   */
  commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult>;

  /**
   * Removes at most `limit` (1 to 10,000) entries of a key that the schema no longer uses, and returns how many it
   * removed. Fewer than the limit means that none is left. Profiles and their revisions stay as they are, and the
   * entries may be added again. The call is idempotent: after a failure it is repeated.
   *
   * Racing callers: each entry is removed, and counted, by one caller. Commits may run at the same time. An entry of
   * the key that such a commit adds may be removed or not; entries of other keys are unaffected.
   */
  dropEntries(tenantId: string, key: string, limit: number): Promise<number>;

  /**
   * Reads the states of a customer id, the newest first: the present one, which is the profile or its deletion, and the
   * former ones that are kept. None if there is neither. A page may have fewer states than the limit, and must where they
   * are large. Only `more` tells whether older ones follow. Required by the capability `history`.
   *
   * Racing callers: each commit is visible entirely or not at all, and every commit acknowledged before the call is
   * visible: a profile and its former states are read from the same snapshot.
   */
  history?(tenantId: string, customerId: string, request: HistoryRequest): Promise<HistoryPage>;

  /**
   * Removes former states for good, of the first customer ids after `request.after` that have some. The present state is
   * never removed, nor is the revision that a deletion has. The call is idempotent: after a failure it is repeated.
   * Required by the capability `history`.
   *
   * Racing callers: each state is removed, and counted, by one caller. Commits may run at the same time.
   */
  prune?(tenantId: string, request: PruneRequest): Promise<PruneResult>;

  /**
   * Reads the lines of a tenant, or those of all tenants, in an order in which the lines of one profile come by revision.
   * Whoever goes on after the last position that it has read sees every line exactly once. Lines get their positions when
   * they are read first, not when they are written: a line of a commit that takes effect late comes late, and never before a
   * position that was read already. Required by the capability `changes`; never called on a repository that is bound to a
   * transaction of the host.
   *
   * Racing callers: all see the same lines at the same positions. Every commit acknowledged before the call is visible,
   * unless the page is full. Commits never wait for a reader.
   *
   * @param tenantId `undefined` for all tenants, whose lines have other positions
   */
  changes?(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage>;

  /**
   * Removes the oldest lines of a tenant for good, and returns how many. Fewer than the limit means that none is left. The
   * other lines keep their positions. The call is idempotent: after a failure it is repeated. Required by the capability
   * `changes`.
   *
   * Racing callers: each line is removed, and counted, by one caller. Commits may run at the same time.
   */
  pruneChanges?(tenantId: string, request: PruneChangesRequest): Promise<number>;

  /**
   * Reads what is kept of a customer id, and what was merged into it: by the deletions that are kept, former ones included.
   * `undefined` if there is neither a profile nor a deletion. Required by the capability `erasure`.
   *
   * Racing callers: every commit acknowledged before the call is visible. `merged` has at least the merges up to `revision`,
   * and maybe later ones: a merge adds one to the revision of its destination, so that an erasure by this one is refused.
   */
  lineage?(tenantId: string, customerId: string): Promise<Lineage | undefined>;

  /**
   * Erases customer ids, all of them or none: removes their profiles with all index entries, also those of keys that the
   * schema no longer has, and their former states. What remains of each is its deletion, with the next revision, the
   * operation `erase`, no counterpart, and the mark of the erasure; and the receipt, once, for `lineage` of any of them. A
   * creation under them conflicts (`erased`) unless it names the erasure, and otherwise goes on with the next revision; the
   * customer id is then no longer erased. Every other method treats them as deleted. Required by the capability `erasure`.
   *
   * The lines that a feed has of what is removed keep their positions, the customer id, the revision, the timestamp, the
   * operation and `deleted`, and lose the rest: all lines of the targets, and of `formerStates` those up to the revision.
   *
   * The counts are those of what this call removed. In a dry run, they are those of what it would have removed.
   *
   * Racing callers: as commits, with which they are serializable. Of any number that expect the same revision, one takes
   * effect.
   */
  erase?(tenantId: string, request: ErasureRequest): Promise<ErasureResult>;

  /**
   * Reads the mode of the server, which all tenants share. `undefined` if none was stored. Required by the capability
   * `serverMode`.
   *
   * Racing callers: every mode whose storing was acknowledged before the call is visible, or one that was stored later.
   */
  loadServerMode?(): Promise<ServerMode | undefined>;

  /**
   * Stores the mode of the server in place of the one before. The call is idempotent: after a failure it is repeated.
   * Required by the capability `serverMode`.
   *
   * Racing callers: all succeed, and one of their modes remains.
   */
  storeServerMode?(mode: ServerMode): Promise<void>;

  /**
   * Resolves if the storage is reachable and ready: everything exists that the other methods need, such as tables.
   *
   * @throws StorageUnavailableError otherwise
   */
  ping(): Promise<void>;

  /**
   * Binds the repository to a transaction of the host. Absent if the storage has no transactions. Changes take effect
   * when the host commits. An expected outcome leaves the transaction usable; after a failure the host must roll it
   * back.
   *
   * @throws InvalidOptionsError if the argument is not a transaction of this storage
   */
  withTransaction?(transaction: Transaction): ProfileRepository;
}

import type { AttributesDocument, ExtensionsDocument, IndexEntry } from '../model/documents.js';
import type { StoredSchema } from '../model/stored-schema.js';

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
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The result of {@link ProfileRepository.load}. Both members are read from the same snapshot. */
export interface Loaded {
  /** The version of the tenant's schema. Absent if the tenant has no schema. */
  readonly schemaVersion?: number | undefined;
  /** Absent if the profile does not exist. */
  readonly profile?: StoredProfile | undefined;
}

/** The result of {@link ProfileRepository.find}. */
export interface Found {
  /** The version of the tenant's schema. Absent if the tenant has no schema. */
  readonly schemaVersion?: number | undefined;
  readonly profiles: readonly StoredProfile[];
}

interface ChangeBase {
  readonly tenantId: string;
  readonly customerId: string;
  /** A precondition: the version of the tenant's newest schema, by which the change was decided (R16). */
  readonly schemaVersion: number;
}

/** Creates a profile with revision 1. Precondition: no profile of the tenant has the customer id. */
export interface CreateChange extends ChangeBase {
  readonly kind: 'create';
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
  /**
   * Becomes `createdAt` and `updatedAt`: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`, or with up to six more digits before the `Z`.
   * Stored verbatim and compared as text. The clocks of two servers may differ, so a later change may have an earlier
   * timestamp.
   */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
}

/**
 * The preconditions of a change to an existing profile. Both are needed: a profile that was deleted and recreated under
 * the same customer id starts at revision 1 again.
 */
interface ChangeOfStored extends ChangeBase {
  readonly expectedRevision: number;
  /** The creation timestamp of the profile by which the change was decided. */
  readonly createdAt: string;
}

/** Updates a profile, and adds one to its revision. */
export interface UpdateChange extends ChangeOfStored {
  readonly kind: 'update';
  /** If absent, the segment stays as it is. */
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  /** If absent, the extensions stay as they are (R7): they need not be read or written. */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Becomes `updatedAt`. */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
  readonly removeEntries: readonly IndexEntry[];
}

/** Deletes a profile. */
export interface DeleteChange extends ChangeOfStored {
  readonly kind: 'delete';
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
  | { readonly outcome: 'committed' }
  /** The schema has another version. `schemaVersion` is the newest one; it is absent if the tenant has no schema. */
  | { readonly outcome: 'schema_moved'; readonly schemaVersion?: number | undefined }
  /**
   * The profile of the change at `index` has another revision, or was recreated under the same id. `revision` is its
   * current revision; it is absent if the profile does not exist.
   */
  | { readonly outcome: 'revision_moved'; readonly index: number; readonly revision?: number | undefined }
  /** The customer id of the creation at `index` belongs to another profile. */
  | { readonly outcome: 'id_taken'; readonly index: number }
  /**
   * A unique entry of the change at `index` belongs to another profile. `key` is its key; if several do, that of any
   * one.
   */
  | { readonly outcome: 'entry_taken'; readonly index: number; readonly key: string };

/** A change of a tenant's schema. The repository stores `schema` as version `expectedVersion + 1`. */
export interface SchemaChange {
  readonly tenantId: string;
  /** A precondition: the current version of the schema, or 0 if the tenant must have none. */
  readonly expectedVersion: number;
  readonly schema: StoredSchema;
}

/** The result of a schema change. */
export type SchemaCommitResult =
  | { readonly outcome: 'committed' }
  /** The schema has another version, `schemaVersion`; it is absent if the tenant has no schema. */
  | { readonly outcome: 'schema_moved'; readonly schemaVersion?: number | undefined };

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
 * Each operation sees and changes one tenant only (R17). Tenant ids and customer ids have 1 to 64 characters of `A-Z
 * a-z 0-9 . _ ~ -`. They, keys and digests are compared byte for byte, customer ids are sorted in byte order (R20), and
 * none of them contains NUL. Documents of up to 1 MiB each are returned exactly as they were stored, with members of
 * any name. Arguments and results are never aliased: mutating one later does not affect the store.
 *
 * An expected outcome is a result; only a failure throws: `StorageUnavailableError` if the storage is unreachable or
 * gives up. Its `outcomeUnknown` is true if a `commit` or `commitSchema` may have taken effect all the same, and false
 * for every other method. Commits must be atomic: there is no weaker mode.
 */
export interface ProfileRepository<Transaction = never> {
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
   * `schema_moved`; if the schema change comes second, whoever reads after it sees the commit (R16).
   *
   * If there are several conflicts, `schema_moved` takes precedence; then the change with the lowest index; then,
   * within a change, its id or revision before its entries.
   */
  commit(changes: readonly Change[]): Promise<CommitResult>;

  /**
   * Reads a page of the profiles that have an index entry, in byte order of their ids, and the version of the tenant's
   * schema, all from the same snapshot: every profile of the page has the entry. `entry.unique` is the same as when the
   * entry was added.
   *
   * Racing callers: each commit is visible entirely or not at all, and every commit acknowledged before the call is
   * visible. A walk over the pages returns a profile that has the entry throughout the walk exactly once.
   */
  find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }): Promise<Found>;

  /**
   * Reads a page of all profiles of a tenant, with extensions, in byte order of their ids. A page that is shorter than
   * the limit is the last one.
   *
   * Racing callers: a walk over the pages returns a profile that exists throughout the walk exactly once, with
   * attributes and extensions of the same revision. Every commit acknowledged before the call is visible. The profiles
   * of a page need not come from the same snapshot.
   */
  page(tenantId: string, page: PageRequest): Promise<StoredProfile[]>;

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
  commitSchema(change: SchemaChange): Promise<SchemaCommitResult>;

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

import type { AttributesDocument, ExtensionsDocument, IndexEntry } from '../model/documents.js';
import type { StoredSchema } from '../model/stored-schema.js';

/** A profile as stored. */
export interface StoredProfile {
  readonly customerId: string;
  readonly revision: number;
  /**
   * 1 to 64 characters of any well-formed text without NUL. The services take printable ASCII alone, without a blank at
   * either end; that is theirs to decide.
   */
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  /** Absent when it was not asked for; of a profile that has none, an empty document when it was. */
  readonly extensions?: ExtensionsDocument | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What {@link ProfileRepository.load} answers: both parts as they stood at one instant. */
export interface Loaded {
  /** The version of the tenant's schema; absent when the tenant has none. */
  readonly schemaVersion?: number | undefined;
  /** Absent when there is no such profile. */
  readonly profile?: StoredProfile | undefined;
}

/** A page of profiles, in byte order of their customer ids. */
export interface ProfilePage {
  /** At most as many as the limit, and fewer where they would be too large together. */
  readonly profiles: readonly StoredProfile[];
  /**
   * False: no profile follows the last one, whatever the number of profiles is. True: read on after the last one, where there
   * may be none; the page then has at least one profile, so that every walk ends.
   */
  readonly more: boolean;
}

/** What {@link ProfileRepository.find} answers. */
export interface Found extends ProfilePage {
  /** The version of the tenant's schema; absent when the tenant has none. */
  readonly schemaVersion?: number | undefined;
}

interface ChangeBase {
  readonly tenantId: string;
  readonly customerId: string;
  /** The schema version by which the change was decided; it must still be the tenant's newest (R16). */
  readonly schemaVersion: number;
}

/** Creates a profile with revision 1. The id must be free. */
export interface CreateChange extends ChangeBase {
  readonly kind: 'create';
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
  /**
   * Becomes `createdAt` and `updatedAt`: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ` or with up to six more digits before the `Z`,
   * kept as it is and compared as text. The clocks of two servers may differ, so that a later change may name an earlier
   * time.
   */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
}

/** A change of the profile that has both: one made anew under the same customer id begins with revision 1 again. */
interface ChangeOfStored extends ChangeBase {
  readonly expectedRevision: number;
  /** The `createdAt` of the profile by which the change was decided. */
  readonly createdAt: string;
}

/** Changes a profile that has `expectedRevision` and `createdAt`, and adds one to its revision. */
export interface UpdateChange extends ChangeOfStored {
  readonly kind: 'update';
  /** Absent: the segment stays as it is. */
  readonly segment?: string | undefined;
  readonly attributes: AttributesDocument;
  /** Absent: the extensions stay as they are (R7), and need be neither read nor written. */
  readonly extensions?: ExtensionsDocument | undefined;
  /** Becomes `updatedAt`. */
  readonly at: string;
  readonly addEntries: readonly IndexEntry[];
  readonly removeEntries: readonly IndexEntry[];
}

/** Deletes a profile that has `expectedRevision` and `createdAt`. */
export interface DeleteChange extends ChangeOfStored {
  readonly kind: 'delete';
  /** All entries of the profile. */
  readonly removeEntries: readonly IndexEntry[];
}

/** Adds entries to a profile that has `expectedRevision` and `createdAt`, and leaves it and its revision as they are. */
export interface IndexChange extends ChangeOfStored {
  readonly kind: 'index';
  readonly addEntries: readonly IndexEntry[];
}

/**
 * Adding an entry that the same profile already has, and removing one that it has not, changes nothing. No change both
 * adds and removes an entry.
 */
export type Change = CreateChange | UpdateChange | DeleteChange | IndexChange;

/** What became of a commit. An obstacle is an answer, not an exception, so that a host's transaction survives it. */
export type CommitResult =
  | { readonly outcome: 'committed' }
  /** The schema is no longer the one by which a change was decided; `schemaVersion` is the newest one, absent for none. */
  | { readonly outcome: 'schema_moved'; readonly schemaVersion?: number | undefined }
  /**
   * The profile of the change at `index` has another revision, or is another one that was made anew under the same id;
   * `revision` is what it has now, absent when there is no such profile.
   */
  | { readonly outcome: 'revision_moved'; readonly index: number; readonly revision?: number | undefined }
  /** The customer id of the creation at `index` is taken. */
  | { readonly outcome: 'id_taken'; readonly index: number }
  /** A unique entry of the change at `index` belongs to another profile; where several do, `key` is that of any of them. */
  | { readonly outcome: 'entry_taken'; readonly index: number; readonly key: string };

/** A change of a tenant's schema. The repository stores `schema` under `expectedVersion + 1`. */
export interface SchemaChange {
  readonly tenantId: string;
  /** The version that the schema must still have; 0 when there must be none yet. */
  readonly expectedVersion: number;
  readonly schema: StoredSchema;
}

export type SchemaCommitResult =
  | { readonly outcome: 'committed' }
  /** The schema has another version; absent when there is none. */
  | { readonly outcome: 'schema_moved'; readonly schemaVersion?: number | undefined };

/** A page of a walk: the profiles after this customer id, at most so many. */
export interface PageRequest {
  /** Exclusive, and not necessarily the id of a profile; absent to begin. */
  readonly after?: string | undefined;
  /** 1 to 1,000. */
  readonly limit: number;
}

/**
 * Where profiles are kept: a compare-and-set store of one document per profile, with index entries beside it. It knows
 * none of the rules; the services decide, the repository stores.
 *
 * Every operation is sealed into its tenant (R17). Tenant ids and customer ids have 1 to 64 characters of
 * `A-Z a-z 0-9 . _ ~ -`; they, keys and digests are compared byte for byte, and customer ids are ordered so (R20). NUL stands
 * in none of them. Documents, of up to 1 MiB each, come back exactly as they went in, with members of any name.
 * What is passed in and what is answered is never shared with the caller: changing either side later changes nothing on
 * the other.
 *
 * An expected outcome is answered. What throws is a fault: `StorageUnavailableError` where the storage cannot be
 * reached or gave up, `outcomeUnknown` where a commit may have taken place. A store that cannot commit atomically
 * cannot be a repository; there is no weaker mode. `outcomeUnknown` belongs to the faults of `commit` and
 * `commitSchema`.
 */
export interface ProfileRepository<Transaction = never> {
  /**
   * Reads a profile and the version of its tenant's schema, both at one instant.
   *
   * Racing callers: sees a commit whole or not at all, and every commit that was acknowledged before the call.
   */
  load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded>;

  /**
   * Carries out all changes, or none of them, in their order: a change may take a unique entry that an earlier one gives
   * up, if the profile of that one has it, and may not take one that an earlier one takes. Whether it may take one that a
   * later one gives up is left to the repository. There are 1 to 1,000, no two name the same profile, and all belong to
   * one tenant. A change has at most 1,000 entries of a key to add, and as many to remove; documents and entries of a
   * commit may together be more than a statement or a packet of the store holds. What counts is what they were when they
   * were passed in, as with the arguments of every method.
   *
   * Racing callers: commits are decided as if one after the other. Of any number of commits that expect the same
   * revision of a profile, exactly one is answered `committed` (R14); of those that create the same customer id or add
   * the same unique entry, likewise (R19). A commit and a schema change never both succeed by the same schema version:
   * whichever comes second is answered `schema_moved` if it is the commit, and sees the commit if it is the schema
   * change (R16).
   *
   * Where several obstacles stand in the way, `schema_moved` is answered before any other, the change with the lowest
   * index before later ones, and of one change its id or revision before its entries.
   */
  commit(changes: readonly Change[]): Promise<CommitResult>;

  /**
   * The profiles that have an entry, in byte order of their ids, a page at a time, and the version of the tenant's
   * schema, all at one instant: each profile in a state in which it has the entry. `entry.unique` is as it was when the
   * entry was added. Pages are bounded as those of {@link ProfileRepository.page} are.
   *
   * Racing callers: sees a commit whole or not at all, and every commit that was acknowledged before the call. A profile
   * that has the entry during the whole walk is answered exactly once.
   */
  find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }): Promise<Found>;

  /**
   * Walks all profiles of a tenant in byte order of their ids, with extensions, a page at a time. A page may have fewer
   * profiles than the limit, and must where the documents are large: a thousand of 2 MiB are more than a process holds.
   * `more` alone says whether the walk goes on.
   *
   * Racing callers: a profile that exists during the whole walk is answered exactly once, in one of its states, attributes
   * and extensions together. Every commit that was acknowledged before the call is seen, also by a later page; profiles of
   * one page need not have stood so at one instant.
   */
  page(tenantId: string, page: PageRequest): Promise<ProfilePage>;

  /**
   * The tenant's newest schema with its version, both at one instant; `undefined` when there is none.
   *
   * Racing callers: sees a schema change whole or not at all, and every one that was acknowledged before the call.
   */
  loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined>;

  /**
   * Stores the next version of a tenant's schema.
   *
   * Racing callers: of any number of changes that expect the same version, exactly one is answered `committed`.
   */
  commitSchema(change: SchemaChange): Promise<SchemaCommitResult>;

  /**
   * Removes entries of a key, at most `limit` (1 to 10,000), and answers how many it removed: fewer than the limit means
   * that none is left. The profiles and their revisions stay as they are, and the entries may be added again. For keys that no schema has any more; what a fault leaves unknown does no harm here, since it is
   * called again.
   *
   * Racing callers: an entry is removed, and counted, by one of them. Commits go on meanwhile: what they add and remove
   * stays so, but for entries of the key, each of which is dropped or not.
   */
  dropEntries(tenantId: string, key: string, limit: number): Promise<number>;

  /**
   * Resolves when the storage answers and is ready for use, which includes that everything is there that the other methods
   * need; throws a `StorageUnavailableError` otherwise.
   */
  ping(): Promise<void>;

  /**
   * The same repository within a transaction of the host; absent where the storage has none. What it does takes place
   * when the host commits. No expected outcome ends the transaction; after a fault the host must roll it back.
   *
   * @throws InvalidOptionsError if it is no transaction of this storage
   */
  withTransaction?(transaction: Transaction): ProfileRepository;
}

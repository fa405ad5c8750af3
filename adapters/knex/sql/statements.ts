import type { Statement, Step } from './statement.js';

/** The statements that read rows as they are, without looking for entries. */
export interface CurrentReads {
  /** `:tenant`, `:id` → one row: `version` of the schema, then the profile's columns, all null where there is none. */
  readonly load: Statement;
  readonly loadWithExtensions: Statement;
  /** Given where it pays to join loads. `:tenant`, `:ids` → the same, a row for each profile that is there, or more. */
  readonly loadMany?: Statement | undefined;
  readonly loadManyWithExtensions?: Statement | undefined;
  /** `:tenant`, `:after`, `:limit` → the same with extensions, without `version`. */
  readonly page: Statement;
  /** `:tenant` → `version`, `document`. */
  readonly loadSchema: Statement;
}

/** The statements that read, the same in each dialect but for details. */
export interface ReadStatements extends CurrentReads {
  /** `:tenant`, `:key`, `:digest`, `:after`, `:limit` → the same as `load`, by entry. */
  readonly find: Statement;
  readonly findWithExtensions: Statement;
  /** The same without `:limit`, by a unique entry. */
  readonly findUnique: Statement;
  readonly findUniqueWithExtensions: Statement;
  /** → `name`, `breaking` of the migrations that were run; fails when a table is missing. */
  readonly ping: Statement;
  /** Given where settings decide whether values come back as they were. → what is to be set, for people; empty if all is. */
  readonly settings?: Statement | undefined;
  /** Given where a server may answer what is no longer so. → 1 if this connection lets it. */
  readonly staleness?: Statement | undefined;
  /**
   * Given where a transaction may read the state in which it found the database, while writes meet what is there now: has
   * the rows read as they are now.
   */
  readonly current?: CurrentReads | undefined;
  /** Given where a transaction may read such a state and nothing can be done about it. → 1 if this one does. */
  readonly readsFormerState?: Statement | undefined;
}

/** The statements that write. Those of profiles take effect only while `:tenant` has the schema `:version`. */
export interface WriteStatements {
  /** One {@link UpdateChange} without entries, with its members as values. */
  readonly updateProfile: Statement;
  /** Batches of changes. */
  readonly insertProfiles: Statement;
  readonly updateProfiles: Statement;
  readonly deleteProfiles: Statement;
  /** Keeps profiles as they are until the end of the transaction, if they have the expected revisions. */
  readonly lockProfiles: Statement;
  /**
   * Given where {@link lockProfiles} may not keep other servers from changing the profiles: has the commit collide with
   * one that does, and leaves the profiles as they are.
   */
  readonly claimProfiles?: readonly Statement[] | undefined;
  /** Batches of entries. */
  readonly removeEntries: Statement;
  readonly addEntries: Statement;
  /** Given where {@link addEntries} adds none when one of them is there already: adds the others. */
  readonly addMissingEntries?: Statement | undefined;
  /**
   * Makes all steps of a commit one, for a single round trip: when not all of them take effect, either nothing is done
   * or an error undoes everything. Absent, and `undefined`, where the database has no such statement.
   */
  readonly combine?: ((steps: readonly Step[]) => Step | undefined) | undefined;
  /** `:tenant`, `:ids`, `:keys`, `:digests` → `version`; `id`, `revision`, `created`; `id`, `key_name`, `digest` of unique entries. */
  readonly obstacles: Statement;
  /** `:tenant`, `:document` */
  readonly insertSchema: Statement;
  /** `:tenant`, `:version`, `:document` */
  readonly updateSchema: Statement;
  /** Given where commits on other servers may know nothing of {@link updateSchema} yet, and take place after it. */
  readonly schemaFence?: SchemaFence | undefined;
  /** `:tenant`, `:key`, `:limit` */
  readonly dropEntries: Statement;
}

/**
 * What a schema change takes beyond one server: all servers are told of it before it takes place, so that no new commit
 * begins by the version before; and before it takes place those that have begun do, or never will (R16).
 */
export interface SchemaFence {
  /** → 1 if there are other servers. */
  readonly isNeeded: Statement;
  /** As {@link WriteStatements.updateSchema}: has commits on all servers wait for the end of its transaction. */
  readonly announce: Statement;
  /** Once it has been carried out, outside that transaction, commits that did not wait have taken place, or never will. */
  readonly raise: Statement;
}

export type Statements = ReadStatements & WriteStatements;

/** The columns of the batches, in the order in which they are bound. */
export const INSERT_COLUMNS = ['id', 'segment', 'attributes', 'extensions', 'at'] as const;
export const UPDATE_COLUMNS = ['id', 'revision', 'created', 'segment', 'attributes', 'extensions', 'at'] as const;
export const REVISION_COLUMNS = ['id', 'revision', 'created'] as const;
/** `plain` is the id once more, and empty for a unique entry: the primary key ends with it, and so admits one of those. */
export const ENTRY_COLUMNS = ['id', 'key', 'digest', 'plain'] as const;

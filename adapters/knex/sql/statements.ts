import type { Statement } from './statement.js';

/** A query for profiles, without and with their extensions. */
export interface ProfileQuery {
  readonly withoutExtensions: Statement;
  readonly withExtensions: Statement;
}

/** The queries that read rows by primary key, not by index entry. */
export interface RowReads {
  /** `:tenant`, `:id` → one row: `version` of the schema, then the profile's columns, all null if it does not exist. */
  readonly load: ProfileQuery;
  /** Present where one query for several profiles pays off. `:tenant`, `:ids` → as `load`, one or more rows. */
  readonly loadMany?: ProfileQuery | undefined;
  /** `:tenant`, `:after`, `:limit` → as `load` with extensions, in order; `version` is null. Bounded by bytes, too. */
  readonly page: Statement;
  /** `:tenant` → `version`, `document`. */
  readonly loadSchema: Statement;
}

/** The queries, the same in each dialect but for details. */
export interface ReadStatements extends RowReads {
  /** By index entry: `:tenant`, `:key`, `:digest`, `:after`, `:limit` → as `load`. Bounded by bytes, too. */
  readonly find: ProfileQuery;
  /** By unique index entry, without `:limit`. */
  readonly findUnique: ProfileQuery;
  /** → `name`, `breaking` of the applied migrations; fails when a table is missing. */
  readonly ping: Statement;
}

/** The writes. Those of profiles take effect only while `:tenant` has the schema version `:version`. */
export interface WriteStatements {
  /** One {@link UpdateChange} without entries, with its members as values. */
  readonly updateProfile: Statement;
  /** Batches of changes. */
  readonly insertProfiles: Statement;
  readonly updateProfiles: Statement;
  readonly deleteProfiles: Statement;
  /** Locks profiles that have the expected revisions until the end of the transaction. */
  readonly lockProfiles: Statement;
  /** Batches of entries. */
  readonly removeEntries: Statement;
  readonly addEntries: Statement;
  /**
   * What a commit may conflict with. `:tenant`, `:ids`, `:keys`, `:digests` → `version`; `id`, `revision`, `created`;
   * `id`, `key_name`, `digest` of unique entries.
   */
  readonly conflicts: Statement;
  /** `:tenant`, `:document` */
  readonly insertSchema: Statement;
  /** `:tenant`, `:version`, `:document` */
  readonly updateSchema: Statement;
  /** `:tenant`, `:key`, `:limit` */
  readonly dropEntries: Statement;
}

/** The columns of the batches, in binding order. */
export const INSERT_COLUMNS = ['id', 'segment', 'attributes', 'extensions', 'at'] as const;
export const UPDATE_COLUMNS = ['id', 'revision', 'created', 'segment', 'attributes', 'extensions', 'at'] as const;
export const REVISION_COLUMNS = ['id', 'revision', 'created'] as const;
/** `plain` ends the primary key: the id for a plain entry, empty for a unique one, so that only one profile can have it. */
export const ENTRY_COLUMNS = ['id', 'key', 'digest', 'plain'] as const;

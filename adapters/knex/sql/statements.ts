import type { LineageReads } from './erasure-statements.js';
import type { Statement } from './statement.js';

/** A query for profiles, without and with their extensions. */
export interface ProfileQuery {
  readonly withoutExtensions: Statement;
  readonly withExtensions: Statement;
}

/** A search for profiles, of which the documents may not be needed. */
export interface SearchQuery extends ProfileQuery {
  /** With `NULL` in their place. */
  readonly withoutDocuments: Statement;
}

/** The queries that read rows by primary key, not by index entry. */
export interface RowReads extends LineageReads {
  /** `:tenant`, `:id` → one row: `version` of the schema, then the profile's columns, all null if it does not exist. */
  readonly load: ProfileQuery;
  /** Present where one query for several profiles pays off. `:tenant`, `:ids` → as `load`, one or more rows. */
  readonly loadMany?: ProfileQuery | undefined;
  /**
   * `:tenant`, `:after`, `:limit`: one more than the page may have → as `load` with extensions, in order; `version` is null,
   * and after it comes `available`: how many rows there are up to the limit. Bounded by bytes, too.
   */
  readonly page: Statement;
  /** `:tenant` → `version`, `document`. */
  readonly loadSchema: Statement;
}

/** The queries for former states. */
export interface HistoryReads {
  /**
   * `:tenant`, `:id`, `:before`, `:limit` → as `page`, then `operation`, `actor`, `reason`, `counterpart`, `deleted`: one
   * row for each state, in any order.
   */
  readonly history: Statement;
  /** `:tenant`, `:after`, `:limit` → `id` of those with former states, in order. */
  readonly formerIds: Statement;
  /**
   * The former states that a limit excludes, of the ids from `:from` to `:to`, after the revision `:revision` of the first:
   * `:tenant`, `:keep`, `:before`, `:limit` → `id`, `revision`, in order, the newest first.
   */
  readonly excludedStates: Statement;
}

/** The queries for lines of the feed, of one tenant and of all. */
export interface FeedReads {
  /**
   * `:tenant`, `:after`, `:to` → `newest`, `removed`, `pending`: whether pending lines are visible; then the
   * columns of a line by position, all null if there is none. `newest` and `removed` are null if no line was ever numbered.
   */
  readonly lines: Statement;
  /** The same of all tenants, without `:tenant`. */
  readonly allLines: Statement;
  /**
   * `:tenant`, `:limit` → `tenant`, `id`, `revision`, `at` of visible pending lines; `newest` of the tenant; `size`: the bytes of
   * what the line names.
   */
  readonly pendingLines: Statement;
  /** The same of all tenants, without `:tenant`. */
  readonly allPendingLines: Statement;
  /** `:tenant` → `removed`: where the lines begin. The tenant {@link ALL_TENANTS} stands for all. */
  readonly removedLines: Statement;
  /**
   * `:tenant`, `:limit` → `id`, `revision`, `at`, `position`, `overall` of the first lines, by position; `newest`,
   * `newest_overall` of the tenant.
   */
  readonly oldestLines: Statement;
  /** Locks the counters of all tenants, until the end of the transaction. → `newest`, `removed` over all tenants */
  readonly lockCounters: Statement;
}

/** In the place of a tenant, which is never empty: the counters over all tenants. */
export const ALL_TENANTS = '';

/** The queries, the same in each dialect but for details. */
export interface ReadStatements extends RowReads, HistoryReads, FeedReads {
  /** By index entry: `:tenant`, `:key`, `:digest`, `:after`, `:limit` → as `page`, in any order, with `version`. */
  readonly find: SearchQuery;
  /** By unique index entry, without `:limit`. */
  readonly findUnique: SearchQuery;
  /** → `mode`; no row if none was stored. */
  readonly loadServerMode: Statement;
  /** → `name`, `breaking` of the applied migrations; fails when a table is missing. */
  readonly ping: Statement;
}

/** The writes. Those of profiles take effect only while `:tenant` has the schema version `:version`. */
export interface WriteStatements {
  /** One {@link UpdateChange} without entries, with its members as values. Keeps no state. */
  readonly updateProfile: Statement;
  /** Batches of changes. */
  readonly insertProfiles: Statement;
  /** Gives each row its next state, which may also be a deletion, or a creation after one. */
  readonly updateProfiles: Statement;
  /** Deletes the rows of profiles without former states. */
  readonly deleteProfiles: Statement;
  /** Copies the states that `updateProfiles` is about to replace. */
  readonly keepStates: Statement;
  /** Locks profiles that have the expected revisions until the end of the transaction. */
  readonly lockProfiles: Statement;
  /** Batches of entries. */
  readonly removeEntries: Statement;
  readonly addEntries: Statement;
  /** A batch of former states to remove. */
  readonly dropStates: Statement;
  /** A batch of lines of a commit, which are pending. */
  readonly addLines: Statement;
  /** Copies a batch of pending lines to those with a position, as they are once concurrent redactions have ended. */
  readonly numberLines: Statement;
  /** Removes a batch of pending lines, which have been copied. */
  readonly dropPendingLines: Statement;
  /** A batch of lines with a position to remove. */
  readonly dropLines: Statement;
  /**
   * Remove from the lines of a batch of customer ids, up to a revision, what tells about a person (E1). Redact the pending
   * ones first: those that a reader moves meanwhile are then found among the others.
   */
  readonly redactPendingLines: Statement;
  readonly redactLines: Statement;
  /** Creates the counters over all tenants, unless they exist: two readers may be the first. */
  readonly createCounters: Statement;
  /** Sets the counters of a batch of tenants. */
  readonly setCounters: Statement;
  /**
   * What a commit may conflict with. `:tenant`, `:ids`, `:keys`, `:digests` → `version`; `id`, `revision`, `created`,
   * `updated`, `deleted`, `kept`: whether it has former states or lines, `erasure`; `id`, `key_name`, `digest` of unique entries.
   */
  readonly conflicts: Statement;
  /** `:tenant`, `:document` */
  readonly insertSchema: Statement;
  /** `:tenant`, `:version`, `:document` */
  readonly updateSchema: Statement;
  /** `:tenant`, `:key`, `:limit` */
  readonly dropEntries: Statement;
  /** `:mode` */
  readonly storeServerMode: Statement;
}

/**
 * What a state consists of, beside its id and its timestamps. `canonical`: the schema version by which the documents are
 * canonical, if they are.
 */
const METADATA = ['segment', 'operation', 'actor', 'reason', 'counterpart', 'canonical'] as const;
/** Last in each batch: MariaDB searches a row from its beginning, once for each column. */
const DOCUMENTS = ['residual', 'attributes', 'extensions'] as const;

/** The columns of the batches, in binding order. */
export const INSERT_COLUMNS = ['id', ...METADATA, 'at', ...DOCUMENTS] as const;
/** `was_deleted` and `deleted`: 1 for a deletion, otherwise 0. `next_created` is the creation timestamp afterwards. */
export const UPDATE_COLUMNS = [
  ...['id', 'revision', 'created', 'was_deleted'],
  ...METADATA,
  ...['next_created', 'at', 'deleted'],
  ...DOCUMENTS,
] as const;
export const REVISION_COLUMNS = ['id', 'revision', 'created'] as const;
export const KEEP_COLUMNS = [...REVISION_COLUMNS, 'was_deleted', 'at'] as const;
/** `plain` ends the primary key: the id for a plain entry, empty for a unique one, so that only one profile can have it. */
export const ENTRY_COLUMNS = ['id', 'key', 'digest', 'plain'] as const;
export const FORMER_COLUMNS = ['id', 'revision'] as const;
export const LINE_COLUMNS = [
  ...['id', 'revision', 'at', 'operation', 'actor', 'reason', 'counterpart'],
  ...['deleted', 'origin', 'changed'],
] as const;
export const PENDING_COLUMNS = ['tenant', 'id', 'revision'] as const;
export const NUMBER_COLUMNS = [...PENDING_COLUMNS, 'position', 'overall'] as const;
export const COUNTER_COLUMNS = ['tenant', 'newest', 'overall', 'removed'] as const;

/** The columns of a state, of the tables of profiles and of former states alike. */
export const STATE_COLUMNS: readonly string[] = [
  ...['tenant', 'id', 'revision', 'segment', 'attributes', 'extensions', 'residual', 'created_at', 'updated_at'],
  ...['operation', 'actor', 'reason', 'counterpart', 'deleted'],
];

/** The columns of a state in the table of former states. */
export const HISTORY_TABLE_COLUMNS = [...STATE_COLUMNS, 'replaced_at'].join(', ');

/** The same columns of the table of profiles, but for `replaced_at`. */
export function presentState(alias: string): string {
  return STATE_COLUMNS.map((column) => `${alias}.${column}`).join(', ');
}

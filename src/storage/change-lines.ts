import type { Operation } from '../model/operation.js';
import type { StateMetadata } from './profile-repository.js';

/** What a change tells those who follow the feed, beside its metadata (C1). Never a value. */
export interface LineContent {
  /** The system that made the change: 1 to 64 code points of well-formed text without control characters. */
  readonly origin?: string | undefined;
  /** JSON pointers to the members that changed: opaque texts to a repository. */
  readonly changed: readonly string[];
}

/** The metadata of a line, whose operation may also be one that leaves no state. */
export interface LineMetadata extends Omit<StateMetadata, 'operation'> {
  readonly operation: Operation | 'erase';
}

/** A line of the feed: one change of one profile. */
export interface StoredLine {
  readonly tenantId: string;
  /** Where the line stands in the order that was read: that of its tenant, or that of all tenants. */
  readonly position: number;
  readonly customerId: string;
  /** The revision after the change; for a deletion, the next one. */
  readonly revision: number;
  /** The timestamp of the change. */
  readonly at: string;
  readonly metadata: LineMetadata;
  /** Whether the change deleted the profile. */
  readonly deleted: boolean;
  readonly origin?: string | undefined;
  /** Absent once the line was redacted. */
  readonly changed?: readonly string[] | undefined;
}

/** Which lines to read: at most `limit` after a position. */
export interface ChangesRequest {
  /** Exclusive. If absent, after the last line that was removed. */
  readonly after?: number | undefined;
  /** The maximum number of lines, 1 to 1,000. A page may have fewer, at least one, where they name many members. */
  readonly limit: number;
}

/** The result of {@link ProfileRepository.changes}. All of it is read from the same snapshot. */
export interface ChangesPage {
  /** In the order of their positions, which have no gaps after `removed`. */
  readonly lines: readonly StoredLine[];
  /** False: when the page was read, no line followed. */
  readonly more: boolean;
  /** The last position that was given to a line; 0 if none was. */
  readonly newest: number;
  /** The last position whose line was removed; 0 if none was. A reader that is before it has missed lines. */
  readonly removed: number;
}

/** Which lines to remove: the oldest of a tenant, at most `limit`, up to the first that is not older than a timestamp. */
export interface PruneChangesRequest {
  readonly before: string;
  /** The maximum number of lines, 1 to 1,000. */
  readonly limit: number;
}

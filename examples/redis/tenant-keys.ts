import type { IndexEntry } from 'dossier/storage';

/** The columns of a profile. Each is a hash with a field per customer id. */
export type Column = 'revision' | 'createdAt' | 'attributes' | 'updatedAt' | 'segment' | 'residual' | 'extensions';

/** All columns. Extensions come last, since they are not always read. */
export const COLUMNS: readonly Column[] = [
  'revision',
  'createdAt',
  'attributes',
  'updatedAt',
  'segment',
  'residual',
  'extensions',
];

/**
 * The names of all keys of a tenant. The hash tag in braces puts them in one slot of a Redis Cluster, so that one script
 * can use them.
 *
 * A script must declare all its keys in advance. So a profile is a field in each of several hashes, not a hash of its own:
 * a script that searches for profiles could not know the names of their hashes.
 */
export class TenantKeys {
  readonly #start: string;

  constructor(prefix: string, tenantId: string) {
    this.#start = `${prefix}{${tenantId}}:`;
  }

  /** A hash with the fields `version` and `document`. */
  get schema(): string {
    return `${this.#start}schema`;
  }

  /** A sorted set of customer ids. All scores are 0, so that Redis sorts it by bytes. */
  get customerIds(): string {
    return `${this.#start}customer-ids`;
  }

  /** A hash of texts by customer id. */
  column(column: Column): string {
    return `${this.#start}${column}`;
  }

  /** A sorted set with scores 0. A member is a digest (64 characters) followed by a customer id. */
  entries(key: IndexEntry['key']): string {
    return `${this.#start}entries:${key}`;
  }

  /** The index key of such a sorted set. */
  indexKeyOf(entries: string): IndexEntry['key'] {
    return entries.slice(this.entries('').length);
  }
}

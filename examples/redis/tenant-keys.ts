import type { IndexEntry } from 'dossier/storage';

/** What is kept of a profile: each column is a hash that has a field per customer id. */
export type Column = 'revision' | 'createdAt' | 'attributes' | 'updatedAt' | 'segment' | 'extensions';

/** All columns; the extensions come last, since they are not always read. */
export const COLUMNS: readonly Column[] = ['revision', 'createdAt', 'attributes', 'updatedAt', 'segment', 'extensions'];

/**
 * The names of all keys of a tenant. What stands in braces decides the slot of a key on Redis Cluster: all keys of a
 * tenant lie in one, so that one script may use them.
 *
 * A script must be told all its keys. That is why a profile is a field in each of a few hashes and not a hash of its
 * own: the script that looks for profiles could not know the names of theirs beforehand.
 */
export class TenantKeys {
  readonly #start: string;

  constructor(prefix: string, tenantId: string) {
    this.#start = `${prefix}{${tenantId}}:`;
  }

  /** A hash: the `version` and the `document`. */
  get schema(): string {
    return `${this.#start}schema`;
  }

  /** A sorted set in which all scores are 0, so that Redis orders the customer ids byte for byte. */
  get customerIds(): string {
    return `${this.#start}customer-ids`;
  }

  /** A hash: texts by customer id. */
  column(column: Column): string {
    return `${this.#start}${column}`;
  }

  /** A sorted set like that of the ids: a member is a digest, which has 64 characters, and the customer id behind it. */
  entries(key: IndexEntry['key']): string {
    return `${this.#start}entries:${key}`;
  }

  /** Back from the name of that sorted set to the index key. */
  indexKeyOf(entries: string): IndexEntry['key'] {
    return entries.slice(this.entries('').length);
  }
}

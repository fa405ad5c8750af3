import type { IndexEntry } from 'dossier/storage';
import { SortedIds } from './sorted-ids.js';

type EntryValue = Pick<IndexEntry, 'key' | 'digest'>;

/** Which profiles of one tenant have which index entries. */
export class EntryIndex {
  readonly #holders = new Map<string, Map<string, SortedIds>>();

  add({ key, digest }: EntryValue, customerId: string): void {
    const digests = this.#holders.get(key) ?? new Map<string, SortedIds>();
    const holders = digests.get(digest) ?? new SortedIds();
    holders.add(customerId);
    digests.set(digest, holders);
    this.#holders.set(key, digests);
  }

  remove({ key, digest }: EntryValue, customerId: string): void {
    const digests = this.#holders.get(key);
    const holders = digests?.get(digest);
    if (digests === undefined || holders === undefined) return;
    holders.delete(customerId);
    if (!holders.empty) return;
    digests.delete(digest);
    if (digests.size === 0) this.#holders.delete(key);
  }

  /** At most `limit` profiles that have an entry, in byte order, beginning after a customer id. */
  holders({ key, digest }: EntryValue, after: string | undefined, limit: number): string[] {
    return this.#holders.get(key)?.get(digest)?.after(after, limit) ?? [];
  }

  /** Removes at most `limit` entries of a key, and answers how many they were. */
  drop(key: string, limit: number): number {
    let dropped = 0;
    for (const digest of this.#holders.get(key)?.keys() ?? []) {
      const customerIds = this.holders({ key, digest }, undefined, limit - dropped);
      for (const customerId of customerIds) this.remove({ key, digest }, customerId);
      dropped += customerIds.length;
      if (dropped === limit) break;
    }
    return dropped;
  }
}

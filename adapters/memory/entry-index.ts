import type { IndexEntry } from 'dossier/storage';
import { SortedIds } from './sorted-ids.js';

type EntryValue = Pick<IndexEntry, 'key' | 'digest'>;

/** The index of one tenant: from key and digest to the profiles that hold the entry. */
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
    if (!holders.isEmpty) return;
    digests.delete(digest);
    if (digests.size === 0) this.#holders.delete(key);
  }

  /** The first `limit` customer ids after `after` that hold an entry, in byte order. */
  holders({ key, digest }: EntryValue, after: string | undefined, limit: number): string[] {
    return this.#holders.get(key)?.get(digest)?.after(after, limit) ?? [];
  }

  /** How many entries a customer id holds; removes them unless they are only counted. Looks at all entries of the tenant. */
  removeHolder(customerId: string, onlyCount: boolean): number {
    let count = 0;
    for (const [key, digests] of this.#holders) {
      for (const [digest, holders] of digests) {
        if (!holders.has(customerId)) continue;
        count += 1;
        if (!onlyCount) this.remove({ key, digest }, customerId);
      }
    }
    return count;
  }

  /** Removes at most `limit` entries of a key, and returns how many it removed. */
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

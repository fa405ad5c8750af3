import type { IndexEntry } from 'dossier/storage';
import { SortedIds } from './sorted-ids.js';

/** What distinguishes an entry from others. */
export type EntryValue = Pick<IndexEntry, 'key' | 'digest'>;

/** The index of one tenant: from key and digest to the profiles that hold the entry, and back. */
export class EntryIndex {
  readonly #holders = new Map<string, Map<string, SortedIds>>();
  /** For each customer id, the entries by {@link nameOf}; never an empty map. */
  readonly #entries = new Map<string, Map<string, EntryValue>>();

  add({ key, digest }: EntryValue, customerId: string): void {
    const digests = this.#holders.get(key) ?? new Map<string, SortedIds>();
    const holders = digests.get(digest) ?? new SortedIds();
    holders.add(customerId);
    digests.set(digest, holders);
    this.#holders.set(key, digests);
    const entries = this.#entries.get(customerId) ?? new Map<string, EntryValue>();
    entries.set(nameOf({ key, digest }), { key, digest });
    this.#entries.set(customerId, entries);
  }

  remove({ key, digest }: EntryValue, customerId: string): void {
    const digests = this.#holders.get(key);
    const holders = digests?.get(digest);
    if (digests === undefined || holders === undefined) return;
    holders.delete(customerId);
    const entries = this.#entries.get(customerId);
    entries?.delete(nameOf({ key, digest }));
    if (entries?.size === 0) this.#entries.delete(customerId);
    if (!holders.isEmpty) return;
    digests.delete(digest);
    if (digests.size === 0) this.#holders.delete(key);
  }

  /** The first `limit` customer ids after `after` that hold an entry, in byte order. */
  holders({ key, digest }: EntryValue, after: string | undefined, limit: number): string[] {
    return this.#holders.get(key)?.get(digest)?.after(after, limit) ?? [];
  }

  /** The entries that a customer id holds. */
  of(customerId: string): EntryValue[] {
    return [...(this.#entries.get(customerId)?.values() ?? [])];
  }

  /** How many entries a customer id holds; removes them unless they are only counted. */
  removeHolder(customerId: string, onlyCount: boolean): number {
    const entries = this.of(customerId);
    if (!onlyCount) for (const entry of entries) this.remove(entry, customerId);
    return entries.length;
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

/** Keys and digests contain no U+0000, so distinct entries have distinct names. */
export function nameOf({ key, digest }: EntryValue): string {
  return `${key}\0${digest}`;
}

import { hash } from 'node:crypto';
import type { KeyFinding } from '../model/schema-report.js';
import type { CompiledKey } from '../rules/compiled-schema.js';
import { MOST_IDS } from './findings.js';

/** The most entries in memory at once: about 150 bytes each. */
const ENTRIES_AT_ONCE = 1_000_000;

/** Digests begin with a number below this. */
const END = 2 ** 32;

interface Holders {
  readonly key: CompiledKey;
  readonly first: string;
  /** How many profiles have the entry after the first. */
  others: number;
  second: string;
}

interface Total {
  count: number;
  readonly customerIds: Set<string>;
}

/**
 * Counts the entries of unique keys that several profiles have, in constant memory: it looks at one range of digests in
 * each pass over the profiles, and halves the range whenever it holds too many. A tenant with fewer entries than the limit
 * takes a single pass.
 */
export class EntryCollisions {
  readonly #most: number;
  readonly #totals = new Map<string, Total>();
  readonly #first = new Map<string, string>();
  readonly #shared = new Map<string, Holders>();
  #from = 0;
  #to = END;

  constructor(most: number = ENTRIES_AT_ONCE) {
    this.#most = most;
  }

  /** Adds an entry of a profile. A profile adds each entry once in a pass. */
  add(key: CompiledKey, values: string, customerId: string): void {
    const digest = hash('sha256', `${key.index}\0${values}`, 'buffer');
    const place = digest.readUInt32BE();
    if (place < this.#from || place >= this.#to) return;
    // One byte for each character.
    const compact = digest.toString('latin1', 0, 20);
    const first = this.#first.get(compact);
    if (first === undefined) {
      this.#first.set(compact, customerId);
      while (this.#first.size > this.#most && this.#to - this.#from > 1) this.#halve();
      return;
    }
    const holders = this.#shared.get(compact) ?? { key, first, others: 0, second: customerId };
    holders.others += 1;
    this.#shared.set(compact, holders);
  }

  /** Ends a pass over all profiles. Returns whether another one is needed. */
  endPass(): boolean {
    for (const { key, first, second, others } of this.#shared.values()) {
      const total = this.#totals.get(key.name) ?? { count: 0, customerIds: new Set() };
      this.#totals.set(key.name, total);
      total.count += others;
      for (const id of [first, second]) if (total.customerIds.size < MOST_IDS) total.customerIds.add(id);
    }
    this.#first.clear();
    this.#shared.clear();
    const width = this.#to - this.#from;
    this.#from = this.#to;
    this.#to = Math.min(END, this.#from + width);
    return this.#from < END;
  }

  get list(): readonly KeyFinding[] {
    return Array.from(this.#totals, ([key, { count, customerIds }]) => ({
      key,
      count,
      customerIds: [...customerIds].sort(),
    }));
  }

  /** Leaves the upper half of the range to a later pass. */
  #halve(): void {
    this.#to = this.#from + Math.ceil((this.#to - this.#from) / 2);
    for (const entries of [this.#first, this.#shared]) {
      for (const compact of entries.keys()) {
        if (Buffer.from(compact.slice(0, 4), 'latin1').readUInt32BE() >= this.#to) entries.delete(compact);
      }
    }
  }
}

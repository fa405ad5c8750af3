import type { EntryRow } from './table-repository.js';

/** Finds rows of an array by digest and by customer id, so that large commits need not search it from the front. */
export class EntryIndex {
  #rows: readonly EntryRow[] = [];
  readonly #byDigest = new Map<string, Set<EntryRow>>();
  readonly #byCustomer = new Map<string, Set<EntryRow>>();

  withDigest(rows: readonly EntryRow[], digest: string): ReadonlySet<EntryRow> {
    this.#know(rows);
    return this.#byDigest.get(digest) ?? NONE;
  }

  ofCustomer(rows: readonly EntryRow[], customerId: string): ReadonlySet<EntryRow> {
    this.#know(rows);
    return this.#byCustomer.get(customerId) ?? NONE;
  }

  /** Tells that one array has come from another by these rows alone. */
  follow(
    from: readonly EntryRow[],
    to: readonly EntryRow[],
    { added = [], removed = [] }: { readonly added?: readonly EntryRow[]; readonly removed?: readonly EntryRow[] },
  ): void {
    if (this.#rows !== from) return;
    for (const row of removed) {
      this.#byDigest.get(row.digest)?.delete(row);
      this.#byCustomer.get(row.customerId)?.delete(row);
    }
    for (const row of added) this.#add(row);
    this.#rows = to;
  }

  #know(rows: readonly EntryRow[]): void {
    if (this.#rows === rows) return;
    this.#byDigest.clear();
    this.#byCustomer.clear();
    for (const row of rows) this.#add(row);
    this.#rows = rows;
  }

  #add(row: EntryRow): void {
    addTo(this.#byDigest, row.digest, row);
    addTo(this.#byCustomer, row.customerId, row);
  }
}

const NONE: ReadonlySet<EntryRow> = new Set();

function addTo(sets: Map<string, Set<EntryRow>>, key: string, row: EntryRow): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([row]));
  else set.add(row);
}

/** What rows of a dry run would take from profiles: members that lose their value, extensions that lose records. No values. */
export interface ImportLosses {
  /** The number of rows that would. */
  readonly rows: number;
  /** How many rows would take each member, by JSON pointer. */
  readonly members: readonly { readonly pointer: string; readonly rows: number }[];
  /** The first of these rows, at most 100. */
  readonly first: readonly { readonly line: number; readonly pointers: readonly string[] }[];
}

const MAX_LISTED = 100;

/** Counts what rows would take. */
export class LossTally {
  readonly #byPointer = new Map<string, number>();
  readonly #first: { readonly line: number; readonly pointers: readonly string[] }[] = [];
  #rows = 0;

  note(line: number, pointers: readonly string[]): void {
    if (pointers.length === 0) return;
    this.#rows += 1;
    if (this.#first.length < MAX_LISTED) this.#first.push({ line, pointers });
    for (const pointer of pointers) this.#byPointer.set(pointer, (this.#byPointer.get(pointer) ?? 0) + 1);
  }

  get losses(): ImportLosses {
    const members = Array.from(this.#byPointer, ([pointer, rows]) => ({ pointer, rows }));
    return { rows: this.#rows, members, first: this.#first };
  }
}

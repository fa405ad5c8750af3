const MAX_CHUNK = 512;

/**
 * A set of customer ids in byte order. It is a list of short sorted chunks: adding and removing touch one chunk, and a
 * page is sought by binary search, so that neither grows noticeably with the number of ids. Ids are ASCII, where the
 * order of JavaScript's `<` is the byte order.
 */
export class SortedIds {
  /** None is empty; every id of one chunk comes before every id of the next. */
  readonly #chunks: string[][] = [];

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Adds an id; one that is there already changes nothing. */
  add(id: string): void {
    if (this.empty) this.#chunks.push([]);
    const at = Math.min(this.#chunkOf(id), this.#chunks.length - 1);
    const chunk = this.#chunks[at] ?? [];
    const position = firstNotBefore(chunk, id);
    if (chunk[position] === id) return;
    chunk.splice(position, 0, id);
    if (chunk.length > MAX_CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  /** Removes an id; one that is not there changes nothing. */
  delete(id: string): void {
    const at = this.#chunkOf(id);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return;
    const position = firstNotBefore(chunk, id);
    if (chunk[position] !== id) return;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** At most `limit` ids that come after the given one, or from the first on. */
  after(id: string | undefined, limit: number): string[] {
    const page: string[] = [];
    for (let at = id === undefined ? 0 : this.#chunkOf(id); at < this.#chunks.length && page.length < limit; at++) {
      const chunk = this.#chunks[at] ?? [];
      let position = id === undefined ? 0 : firstNotBefore(chunk, id);
      if (chunk[position] === id) position++;
      page.push(...chunk.slice(position, position + limit - page.length));
    }
    return page;
  }

  /** The index of the first chunk that reaches up to the id; one past the end when it comes after all. */
  #chunkOf(id: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && last < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function firstNotBefore(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = ids[middle];
    if (candidate !== undefined && candidate < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

const MAX_CHUNK = 512;

/**
 * A set of customer ids in byte order, as a list of short sorted chunks. Adding and removing touch one chunk, and pages are
 * found by binary search, so both stay fast with many ids. Ids are ASCII, for which `<` compares bytes.
 */
export class SortedIds {
  /** No chunk is empty; every id of a chunk sorts before every id of the next. */
  readonly #chunks: string[][] = [];

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Adds an id. Does nothing if the set has it. */
  add(id: string): void {
    if (this.isEmpty) this.#chunks.push([]);
    const at = Math.min(this.#chunkOf(id), this.#chunks.length - 1);
    const chunk = this.#chunks[at] ?? [];
    const position = firstNotBefore(chunk, id);
    if (chunk[position] === id) return;
    chunk.splice(position, 0, id);
    if (chunk.length > MAX_CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  /** Removes an id. Does nothing if the set does not have it. */
  delete(id: string): void {
    const at = this.#chunkOf(id);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return;
    const position = firstNotBefore(chunk, id);
    if (chunk[position] !== id) return;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  has(id: string): boolean {
    const chunk = this.#chunks[this.#chunkOf(id)] ?? [];
    return chunk[firstNotBefore(chunk, id)] === id;
  }

  /** The first `limit` ids after the given one, or from the start without one. */
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

  /** The index of the first chunk whose last id is not before `id`; the number of chunks if there is none. */
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

import type { ChangesPage, ChangesRequest, PruneChangesRequest, StoredLine } from 'dossier/storage';
import { copyDocument } from './copy-document.js';
import { documentLength, MAX_PAGE_LENGTH } from './document-length.js';

/** A line without its position, since it has two. */
type Line = Omit<StoredLine, 'position'>;

/** The lines of all tenants. A commit takes effect at once, so each line gets its positions when it is written. */
export class ChangeFeed {
  readonly #all = new Sequence();
  readonly #tenants = new Map<string, Sequence>();

  add(line: Line): void {
    const copy = copyDocument(line);
    this.#all.add(copy);
    this.#sequence(line.tenantId).add(copy);
  }

  /** @param tenantId `undefined` for all tenants */
  read(tenantId: string | undefined, request: ChangesRequest): ChangesPage {
    return (tenantId === undefined ? this.#all : this.#sequence(tenantId)).read(request);
  }

  has(tenantId: string, customerId: string): boolean {
    return this.#sequence(tenantId).lines.some((line) => line.customerId === customerId);
  }

  prune(tenantId: string, { before, limit }: PruneChangesRequest): number {
    const { lines } = this.#sequence(tenantId);
    const kept = lines.findIndex(({ at }) => at >= before);
    const removed = new Set(lines.slice(0, Math.min(limit, kept < 0 ? lines.length : kept)));
    for (const sequence of [this.#all, this.#sequence(tenantId)]) sequence.remove(removed);
    return removed.size;
  }

  /** Removes from the lines of a customer id, up to a revision, what tells about a person (E1). */
  redact(tenantId: string, customerId: string, through: number): void {
    const redacted = new Map<Line, Line>();
    for (const line of this.#sequence(tenantId).lines) {
      if (line.customerId !== customerId || line.revision > through) continue;
      const { origin: _, changed: __, metadata, ...rest } = line;
      redacted.set(line, { ...rest, metadata: { operation: metadata.operation } });
    }
    for (const sequence of [this.#all, this.#sequence(tenantId)]) sequence.replace(redacted);
  }

  #sequence(tenantId: string): Sequence {
    const sequence = this.#tenants.get(tenantId) ?? new Sequence();
    this.#tenants.set(tenantId, sequence);
    return sequence;
  }
}

/** Lines with positions that begin at 1. */
class Sequence {
  #placed: { readonly position: number; readonly line: Line }[] = [];
  #newest = 0;
  #removed = 0;

  get lines(): Line[] {
    return this.#placed.map(({ line }) => line);
  }

  add(line: Line): void {
    this.#newest += 1;
    this.#placed.push({ position: this.#newest, line });
  }

  read({ after = this.#removed, limit }: ChangesRequest): ChangesPage {
    const first = this.#indexAfter(after);
    const lines: StoredLine[] = [];
    let length = 0;
    for (const { position, line } of this.#placed.slice(first, first + limit)) {
      length += documentLength(line.changed ?? []);
      if (lines.length > 0 && length > MAX_PAGE_LENGTH) break;
      lines.push({ ...line, position });
    }
    const more = first + lines.length < this.#placed.length;
    return { lines: copyDocument(lines), more, newest: this.#newest, removed: this.#removed };
  }

  remove(lines: ReadonlySet<Line>): void {
    const isRemoved = ({ line }: { readonly line: Line }) => lines.has(line);
    this.#removed = this.#placed.findLast(isRemoved)?.position ?? this.#removed;
    this.#placed = this.#placed.filter((placed) => !isRemoved(placed));
  }

  replace(lines: ReadonlyMap<Line, Line>): void {
    this.#placed = this.#placed.map(({ position, line }) => ({ position, line: lines.get(line) ?? line }));
  }

  /** Binary search, since every read of a waiting reader comes here. */
  #indexAfter(position: number): number {
    let low = 0;
    let high = this.#placed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#placed[middle]?.position ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

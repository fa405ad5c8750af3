import { createHash } from 'node:crypto';
import { type ImportCounts, type ImportError, type ImportRow, MalformedRequestError } from 'dossier';
import { appendRange, type LineRange, searchRanges } from './line-ranges.js';
import { isIdPrefix, newIdPrefix, withRowIds } from './row-ids.js';

/** What an {@link ImportJournal} knows, to be kept as JSON. It has lines and a digest, and no value of a row. */
export interface ImportProgress {
  /** The first line of the import. */
  readonly firstLine: number;
  /** The last line of the last row that was processed; before any was, the line before `firstLine`. */
  readonly lastLine: number;
  /** The lines of rows up to `lastLine` that were not imported, from the first to the last of each range, in order. */
  readonly failed: readonly LineRange[];
  /** Joined from those of the rows that were imported, in hexadecimal digits. */
  readonly digest: string;
  /** The prefix for {@link withRowIds}. */
  readonly idPrefix: string;
}

/** A row that was read, and of which the import has not yet told what became of it. */
interface PendingRow {
  readonly lines: LineRange;
  readonly digest: Buffer;
}

const DIGEST_BYTES = 32;

/**
 * Keeps what is done of an import, so that the same file can be imported again and what was not done is done: rows with
 * errors, which may be corrected in their place, and the rows after the last one.
 *
 * ```ts
 * const journal = new ImportJournal(saved);
 * if (!(await journal.matches(ndjsonRows(open())))) throw new Error('Rows that were imported have changed.');
 * await profiles.import('1', journal.remaining(ndjsonRows(open())), { existing: 'replace', ...journal.callbacks });
 * saved = journal.state;
 * ```
 *
 * Keep the state after each `onProgress` as well, for a process that may be killed. The rows after the last state that was
 * kept are then imported again, and find the profiles that they created.
 */
export class ImportJournal {
  readonly #firstLine: number;
  readonly #idPrefix: string;
  readonly #digest: Buffer;
  #lastLine: number;
  /** The rows that have failed since {@link remaining} was called. */
  #failed: LineRange[] = [];
  /** Those that failed before, and have not been processed again; the last ones first. */
  #left: LineRange[];
  #pending: PendingRow[] = [];
  readonly #errors = new Set<number>();

  /** To pass to the import, among its options. */
  readonly callbacks = {
    onError: ({ line }: ImportError): void => {
      this.#errors.add(line);
    },
    onProgress: ({ lastLine }: ImportCounts): void => {
      const processed = this.#pending.findLastIndex(({ lines: [first] }) => first <= lastLine) + 1;
      for (const row of this.#pending.splice(0, processed)) this.#settle(row);
    },
  };

  /**
   * @param state what an earlier journal has kept. Default: nothing is done
   * @throws MalformedRequestError if the state is not one
   */
  constructor(state: ImportProgress = startAt(1)) {
    if (!isState(state)) throw new MalformedRequestError('`state` must be the state of an ImportJournal.');
    this.#firstLine = state.firstLine;
    this.#lastLine = state.lastLine;
    this.#idPrefix = state.idPrefix;
    this.#digest = Buffer.from(state.digest, 'hex');
    this.#left = state.failed.toReversed();
  }

  /** Begins an import at a line. */
  static from(firstLine: number): ImportJournal {
    return new ImportJournal(startAt(firstLine));
  }

  get state(): ImportProgress {
    return {
      firstLine: this.#firstLine,
      lastLine: this.#lastLine,
      failed: [...this.#failed, ...this.#left.toReversed()],
      digest: this.#digest.toString('hex'),
      idPrefix: this.#idPrefix,
    };
  }

  /**
   * Whether the rows that were imported are the same, on the same lines. If not, rows were changed, inserted or removed among
   * them, so that others would be left out or imported twice.
   */
  async matches(rows: AsyncIterable<ImportRow>): Promise<boolean> {
    const found = Buffer.alloc(DIGEST_BYTES);
    const isFailed = searchRanges(this.state.failed);
    if (this.#lastLine >= this.#firstLine) {
      for await (const row of withRowIds(rows, this.#idPrefix)) {
        if (row.line > this.#lastLine) break;
        if (row.line >= this.#firstLine && !isFailed(row.line)) join(found, digestOf(row));
      }
    }
    return found.equals(this.#digest);
  }

  /** The rows that are not done, each with the id of the profile that it may create ({@link withRowIds}). */
  async *remaining(rows: AsyncIterable<ImportRow>): AsyncGenerator<ImportRow> {
    const { failed, lastLine } = this.state;
    this.#left = failed.toReversed();
    this.#failed = [];
    this.#pending = [];
    this.#errors.clear();
    const isFailed = searchRanges(failed);
    // A row ends before the next one, which is therefore read first: misplaced quotes may join lines that are rows of their own.
    let row: ImportRow | undefined;
    for await (const next of withRowIds(rows, this.#idPrefix)) {
      if (row) yield this.#pend(row, next.line - 1);
      const isLeft = next.line > lastLine ? next.line >= this.#firstLine : isFailed(next.line);
      row = isLeft ? next : undefined;
    }
    if (row) yield this.#pend(row, row.line);
  }

  #pend(row: ImportRow, lastLine: number): ImportRow {
    this.#pending.push({ lines: [row.line, lastLine], digest: digestOf(row) });
    return row;
  }

  #settle({ lines, digest }: PendingRow): void {
    const [first, last] = lines;
    if (this.#errors.delete(first)) appendRange(this.#failed, lines);
    else join(this.#digest, digest);
    this.#lastLine = Math.max(this.#lastLine, last);
    for (let left = this.#left.at(-1); left && left[0] <= last; left = this.#left.at(-1)) {
      this.#left.pop();
      if (left[1] > last) this.#left.push([last + 1, left[1]]);
    }
  }
}

function startAt(firstLine: number): ImportProgress {
  const digest = '00'.repeat(DIGEST_BYTES);
  return { firstLine, lastLine: firstLine - 1, failed: [], digest, idPrefix: newIdPrefix() };
}

/** With the number of its line, so that no two rows of a file have the same. */
function digestOf(row: ImportRow): Buffer {
  return createHash('sha256').update(JSON.stringify(row)).digest();
}

/** Joins digests in any order: rows that fail are imported after those that follow them. */
function join(digest: Buffer, other: Buffer): void {
  for (let index = 0; index < DIGEST_BYTES; index += 1) digest[index] = (digest[index] ?? 0) ^ (other[index] ?? 0);
}

function isState(state: Partial<ImportProgress> | null): state is ImportProgress {
  const { firstLine, lastLine, failed, digest, idPrefix } = state ?? {};
  return (
    [firstLine, lastLine].every(Number.isSafeInteger) &&
    Array.isArray(failed) &&
    failed.every((range) => Array.isArray(range) && range.length === 2 && range.every(Number.isSafeInteger)) &&
    /^[0-9a-f]{64}$/.test(digest ?? '') &&
    isIdPrefix(idPrefix)
  );
}

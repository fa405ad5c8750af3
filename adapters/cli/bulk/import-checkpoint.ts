import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { newIdPrefix } from 'dossier/formats';
import { UserError } from '../user-error.js';

const WRITE_INTERVAL_MS = 1_000;

/** Where a file is imported to. Another tenant or database is another import. */
export interface ImportTarget {
  readonly tenant: string;
  readonly database: string;
}

interface CheckpointEntry extends ImportTarget {
  /** Size and modification time of the file, to detect that it has changed. */
  readonly size: number;
  readonly modified: number;
  readonly idPrefix: string;
  readonly lastLine: number;
}

/**
 * The progress of an import, kept in `FILE.import` until the import is complete, so that the same command continues after
 * an interrupt. After `kill -9` it may lag behind what was imported: repeated rows get the same customer ids again
 * ({@link withRowIds}), and are found to exist.
 */
export class ImportCheckpoint {
  readonly #path: string;
  #entry: CheckpointEntry;
  #writtenAt = Number.NEGATIVE_INFINITY;

  private constructor(path: string, entry: CheckpointEntry) {
    this.#path = path;
    this.#entry = entry;
  }

  /**
   * Reads the checkpoint of a file, or creates one.
   *
   * @param startFrom the value of `--start-from`
   * @throws UserError if the file has changed since its import was interrupted and `--start-from` is not given, or if the
   *   checkpoint cannot be written
   */
  static open(file: string, target: ImportTarget, startFrom: number | undefined): ImportCheckpoint {
    const path = `${file}.import`;
    const { size, mtimeMs: modified } = statSync(file);
    const earlier = readEntry(path, target);
    const changed = earlier && (earlier.size !== size || earlier.modified !== modified);
    if (changed && startFrom === undefined) {
      const next = earlier.lastLine + 1;
      throw new UserError(
        `${file} has changed since its import was interrupted. Continue with --start-from ${next}, or begin again with --start-from 1.`,
      );
    }
    const { idPrefix, lastLine } = earlier && !changed ? earlier : { idPrefix: newIdPrefix(), lastLine: 0 };
    const checkpoint = new ImportCheckpoint(path, { ...target, size, modified, idPrefix, lastLine });
    checkpoint.save();
    return checkpoint;
  }

  /** The prefix of the customer ids that rows without one get. */
  get idPrefix(): string {
    return this.#entry.idPrefix;
  }

  get nextLine(): number {
    return this.#entry.lastLine + 1;
  }

  /** Records the last line that was imported, and writes the file at most once a second. */
  advance(lastLine: number): void {
    this.#entry = { ...this.#entry, lastLine: Math.max(lastLine, this.#entry.lastLine) };
    if (performance.now() - this.#writtenAt >= WRITE_INTERVAL_MS) this.save();
  }

  /** Writes the file. */
  save(): void {
    const draft = `${this.#path}.draft`;
    try {
      // Flushed before the rename, so that the name never refers to content lost in a crash.
      writeFileSync(draft, JSON.stringify(this.#entry), { flush: true });
      renameSync(draft, this.#path);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new UserError(
        `Cannot write the progress of the import to ${this.#path}: ${code}. Make its folder writable, or import from the standard input (-).`,
      );
    }
    this.#writtenAt = performance.now();
  }

  /** Deletes the file, once the import is complete. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Returns undefined if there is no checkpoint, or one of another import. */
function readEntry(path: string, target: ImportTarget): CheckpointEntry | undefined {
  let entry: Partial<CheckpointEntry>;
  try {
    entry = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const { tenant, database, size, modified, idPrefix, lastLine } = entry ?? {};
  if (tenant !== target.tenant || database !== target.database) return undefined;
  const isComplete = /^[0-9A-Za-z]{11}$/.test(idPrefix ?? '') && Number.isSafeInteger(lastLine);
  return isComplete ? ({ ...target, size, modified, idPrefix, lastLine } as CheckpointEntry) : undefined;
}

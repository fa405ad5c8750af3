import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UserError } from '../user-error.js';
import { newIdPrefix } from './row-ids.js';

const WRITE_EVERY_MS = 1_000;

/** What an import is about: another tenant or database is another import. */
export interface ImportTarget {
  readonly tenant: string;
  readonly database: string;
}

interface JournalEntry extends ImportTarget {
  /** Of the file, so that a change of it is noticed. */
  readonly size: number;
  readonly modified: number;
  readonly idPrefix: string;
  readonly lastLine: number;
}

/**
 * How far the import of a file has come, kept beside it in `FILE.import` until it is complete. So the same command goes on
 * after an interrupt, also after `kill -9`, which may leave the journal behind what was imported: rows have the same
 * customer ids again, and are found to exist.
 */
export class ImportJournal {
  readonly #path: string;
  #entry: JournalEntry;
  #written = Number.NEGATIVE_INFINITY;

  private constructor(path: string, entry: JournalEntry) {
    this.#path = path;
    this.#entry = entry;
  }

  /**
   * @param startFrom the line asked for, where one is
   * @throws UserError if the file has changed since its import was interrupted, and no line is asked for; or if the
   *   journal cannot be written
   */
  static open(file: string, target: ImportTarget, startFrom: number | undefined): ImportJournal {
    const path = `${file}.import`;
    const { size, mtimeMs: modified } = statSync(file);
    const earlier = readEntry(path, target);
    const changed = earlier && (earlier.size !== size || earlier.modified !== modified);
    if (changed && startFrom === undefined) {
      const next = earlier.lastLine + 1;
      throw new UserError(
        `${file} has changed since its import was interrupted. Go on with --start-from ${next}, or begin with --start-from 1.`,
      );
    }
    const { idPrefix, lastLine } = earlier && !changed ? earlier : { idPrefix: newIdPrefix(), lastLine: 0 };
    const journal = new ImportJournal(path, { ...target, size, modified, idPrefix, lastLine });
    journal.#write();
    return journal;
  }

  /** With it the customer ids of rows begin that have none. */
  get idPrefix(): string {
    return this.#entry.idPrefix;
  }

  get nextLine(): number {
    return this.#entry.lastLine + 1;
  }

  /** Notes the last line that was imported; what is noted last is written by {@link save}. */
  note(lastLine: number): void {
    this.#entry = { ...this.#entry, lastLine: Math.max(lastLine, this.#entry.lastLine) };
    if (performance.now() - this.#written >= WRITE_EVERY_MS) this.#write();
  }

  save(): void {
    this.#write();
  }

  /** The import is complete. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    const draft = `${this.#path}.draft`;
    try {
      // The name must not stand for a journal that the machine has not kept.
      writeFileSync(draft, JSON.stringify(this.#entry), { flush: true });
      renameSync(draft, this.#path);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new UserError(
        `Cannot keep the progress in ${this.#path}: ${code}. Import from the standard input without it.`,
      );
    }
    this.#written = performance.now();
  }
}

/** Answers nothing where there is no journal, or one of another import. */
function readEntry(path: string, target: ImportTarget): JournalEntry | undefined {
  let entry: Partial<JournalEntry>;
  try {
    entry = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const { tenant, database, size, modified, idPrefix, lastLine } = entry ?? {};
  if (tenant !== target.tenant || database !== target.database) return undefined;
  const isWhole = /^[0-9A-Za-z]{11}$/.test(idPrefix ?? '') && Number.isSafeInteger(lastLine);
  return isWhole ? ({ ...target, size, modified, idPrefix, lastLine } as JournalEntry) : undefined;
}

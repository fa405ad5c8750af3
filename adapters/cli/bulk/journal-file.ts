import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type ImportOptions, isDossierError } from 'dossier';
import { ImportJournal, type ImportProgress } from 'dossier/formats';
import { fileError } from '../file-error.js';
import type { Format } from '../shared-options.js';
import { UserError } from '../user-error.js';

const WRITE_INTERVAL_MS = 1_000;

/** What decides what a row does, besides the schema. An import can only be continued with the same. */
export interface ImportSettings {
  readonly tenant: string;
  readonly database: string;
  readonly format: Format;
  /** Of CSV alone. */
  readonly delimiter?: string | undefined;
  /** Likewise. */
  readonly excel?: true | undefined;
  readonly existing: NonNullable<ImportOptions['existing']>;
  readonly emptyCells?: ImportOptions['emptyCells'];
  readonly idKey?: string | undefined;
  /** The options that map and ignore columns ({@link columnsText}). */
  readonly columns?: string | undefined;
}

const OPTIONS: Readonly<Record<keyof ImportSettings, string>> = {
  tenant: '--tenant',
  database: '--database',
  format: '--format',
  delimiter: '--delimiter',
  excel: '--excel',
  existing: '--existing',
  emptyCells: '--empty-cells',
  idKey: '--id-key',
  columns: '--map or --ignore',
};

/** How much of the options that map columns an error has, since a mapping file may have any number. */
const MAX_COLUMNS_TEXT = 200;

interface Content {
  readonly settings: ImportSettings;
  /** The version of the schema that the last rows were imported by. */
  readonly schemaVersion: number;
  readonly journal: ImportProgress;
}

/** What an earlier run of the command has kept. */
interface Earlier {
  readonly settings: ImportSettings;
  readonly schemaVersion: number | undefined;
  readonly journal: ImportJournal;
}

/**
 * The journal of an import, kept in `FILE.import` until all rows are imported, so that the same command continues after
 * errors and interrupts. After `kill -9` it may lag behind what was imported: repeated rows find the profiles that they
 * created.
 */
export class JournalFile {
  readonly path: string;
  readonly journal: ImportJournal;
  /** The version of the schema that rows were imported by before; undefined if the import begins. */
  readonly earlierSchemaVersion: number | undefined;
  readonly #settings: ImportSettings;
  readonly #schemaVersion: number;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /**
   * Reads the journal of a file, or creates one.
   *
   * @param startFrom the value of `--start-from`
   * @throws UserError if there is one of an import that this one does not continue, or it cannot be read or written
   */
  constructor(file: string, settings: ImportSettings, schemaVersion: number, startFrom: number | undefined) {
    this.path = `${file}.import`;
    this.#settings = settings;
    this.#schemaVersion = schemaVersion;
    const earlier = this.#read();
    if (earlier) this.#checkContinues(earlier, startFrom);
    this.earlierSchemaVersion = earlier?.schemaVersion;
    this.journal = earlier?.journal ?? ImportJournal.from(startFrom ?? 1);
    if (!earlier) this.save();
  }

  /** Writes the file, unless it was written within the last second. */
  saveAtIntervals(): void {
    if (performance.now() - this.#writtenAt >= WRITE_INTERVAL_MS) this.save();
  }

  /** Writes the file. */
  save(): void {
    const draft = `${this.path}.draft`;
    const content: Content = {
      settings: this.#settings,
      schemaVersion: this.#schemaVersion,
      journal: this.journal.state,
    };
    try {
      // Flushed before the rename, so that the name never refers to content lost in a crash.
      writeFileSync(draft, JSON.stringify(content), { flush: true });
      renameSync(draft, this.path);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new UserError(
        `Cannot write the progress of the import to ${this.path}: ${code}. Make its folder writable, or import from the standard input (-).`,
      );
    }
    this.#writtenAt = performance.now();
  }

  /** Deletes the file. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  #read(): Earlier | undefined {
    if (!existsSync(this.path)) return undefined;
    try {
      const { settings, schemaVersion, journal }: Partial<Content> = JSON.parse(readFileSync(this.path, 'utf8')) ?? {};
      if (settings && journal) return { settings, schemaVersion, journal: new ImportJournal(journal) };
    } catch (error) {
      if (error instanceof Error && 'syscall' in error)
        throw fileError('read', this.path, error as NodeJS.ErrnoException);
      if (!(error instanceof SyntaxError || isDossierError(error))) throw error;
    }
    throw new UserError(
      `${this.path} is not the progress of an import that can be continued. ${beginAgain(this.path)}`,
    );
  }

  #checkContinues({ settings, journal }: Earlier, startFrom: number | undefined): void {
    for (const name of Object.keys(OPTIONS) as (keyof ImportSettings)[]) {
      if (settings[name] === this.#settings[name]) continue;
      const [before, now] = [settings, this.#settings].map((given) => optionText(name, given[name]));
      throw new UserError(
        `${this.path} has the progress of an import with ${before}, not ${now}. Continue it with ${before}. ${beginAgain(this.path)}`,
      );
    }
    const { firstLine } = journal.state;
    if (startFrom === undefined || startFrom === firstLine) return;
    throw new UserError(
      `--start-from ${startFrom}: ${this.path} has the progress of an import from line ${firstLine}. Continue it without --start-from. ${beginAgain(this.path)}`,
    );
  }
}

/** What to do where an import cannot be continued. */
export function beginAgain(path: string): string {
  return `To begin again, delete ${path}: rows without customer_id that were imported are then created once more.`;
}

function optionText(name: keyof ImportSettings, value: string | true | undefined): string {
  if (value === undefined) return `no ${OPTIONS[name]}`;
  if (value === true) return OPTIONS[name];
  if (name === 'columns') return value.length > MAX_COLUMNS_TEXT ? `${value.slice(0, MAX_COLUMNS_TEXT)} …` : value;
  return `${OPTIONS[name]} ${value === '\t' ? 'tab' : value}`;
}

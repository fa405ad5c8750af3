import {
  createDossier,
  type ImportOptions,
  type ImportRow,
  isDossierError,
  type ProfileService,
  type Schema,
  type ServiceOptions,
} from 'dossier';
import type { CsvFormat } from 'dossier/formats';
import { identityOfDatabase, type PersistentLocation } from '../database-location.js';
import { EXIT } from '../exit-codes.js';
import { interruptSignal } from '../interrupt-signal.js';
import { startProgress } from '../progress.js';
import { checkExcel, delimiterOf, type Format, formatOf } from '../shared-options.js';
import { openExistingStorage } from '../storage.js';
import { schemaOf } from '../tenant-schema.js';
import { UserError } from '../user-error.js';
import { type ColumnOptions, columnsOf, columnsText } from './column-options.js';
import { printDryRun, printImportReport, printNextStep, progressText, reportContinued } from './import-report.js';
import { openImportSource } from './import-source.js';
import { beginAgain, JournalFile } from './journal-file.js';

export interface ImportCommandOptions extends ColumnOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly excel?: true;
  readonly existing: NonNullable<ImportOptions['existing']>;
  readonly emptyCells?: NonNullable<ImportOptions['emptyCells']>;
  readonly idKey?: string;
  readonly maxErrors: number;
  readonly startFrom?: number;
  readonly allowLoss?: readonly string[];
  readonly afterErasure?: string;
  readonly dryRun?: true;
  readonly history?: ServiceOptions['history'];
  readonly changes?: ServiceOptions['changes'];
  readonly actor?: string;
  readonly reason?: string;
}

/**
 * Imports a file, or the standard input for `-`. Sets the exit code if rows failed or the import was interrupted.
 *
 * @throws UserError if the file or the database cannot be opened, the schema lacks what the options name, or the file is not
 *   the one whose import is to be continued
 */
export async function importProfiles(file: string, options: ImportCommandOptions): Promise<void> {
  const { database, tenant, existing, emptyCells, idKey, maxErrors, allowLoss, afterErasure, dryRun } = options;
  const { history, changes, actor, reason } = options;
  const format = formatOf(file, options.format);
  checkExcel(options.excel, format);
  checkEmptyCells(options, format);
  const columns = await columnsOf(options, format);
  const signal = interruptSignal();
  const source = await openImportSource(file, signal);
  const storage = await openExistingStorage(database);
  try {
    const { profiles, schemas } = createDossier({ repository: storage.repository, history, changes });
    const schema = await schemaOf(schemas, options);
    checkAllowedLosses(schema, options);
    const delimiter = format === 'csv' ? delimiterOf(file, options.delimiter) : undefined;
    const readRows = await rowReader(format, { delimiter, excel: options.excel });
    const { excel } = options;
    const settings = {
      tenant,
      database: identityOfDatabase(database),
      format,
      delimiter,
      excel,
      existing,
      emptyCells,
      idKey,
      columns: columnsText(columns),
    };
    const keepsProgress = source.size !== undefined && !dryRun;
    const progressFile = keepsProgress ? new JournalFile(file, settings, schema.version, options.startFrom) : undefined;
    const journal = progressFile?.journal;
    if (progressFile) {
      reportContinued(progressFile, schema.version);
      await checkUnchanged(file, progressFile, readRows(source.bytes()), signal);
    }

    const rows = readRows(source.bytes());
    const startFrom = journal ? undefined : options.startFrom;
    // Nothing may fail between here and `progress.stop`: a progress bar keeps the process alive.
    const progress = await startProgress(source.size);
    const onProgress: ImportOptions['onProgress'] = (counts) => {
      progress.update(source.position(), progressText(counts, existing));
      journal?.callbacks.onProgress(counts);
      progressFile?.saveAtIntervals();
    };
    const importOptions = {
      existing,
      emptyCells,
      ...columns,
      idKey,
      allowLoss,
      afterErasure,
      maxErrors,
      startFrom,
      signal,
      onError: journal?.callbacks.onError,
      onProgress,
    };
    const importRows = (target: ProfileService) =>
      target.import(tenant, journal?.remaining(rows) ?? rows, importOptions, { actor, reason });
    const importing = dryRun ? profiles.dryRun(tenant, importRows).then(({ result }) => result) : importRows(profiles);
    const result = await importing
      .finally(() => progress.stop())
      .catch((error) => {
        if (progressFile) keepUnlessRefused(progressFile, error);
        throw importError(error, schema, options);
      });

    const isDone = result.complete && result.failed === 0 && !signal.aborted;
    if (isDone) progressFile?.remove();
    else progressFile?.save();
    printImportReport(file, result, existing);
    if (dryRun) printDryRun(file, result, signal.aborted);
    else if (!isDone) printNextStep(file, journal?.state, { ...result, startFrom, interrupted: signal.aborted });
    if (signal.aborted) process.exitCode = EXIT.interrupted;
    else if (result.failed > 0) process.exitCode = EXIT.rowErrors;
  } finally {
    await storage.close();
  }
}

function checkEmptyCells({ emptyCells, existing }: ImportCommandOptions, format: Format): void {
  if (emptyCells !== undefined && (existing !== 'patch' || format !== 'csv'))
    throw new UserError('--empty-cells is for CSV with --existing patch. Leave it out.');
}

/** A file that was refused as a whole may be corrected and imported anew. A storage that fails may have committed rows. */
function keepUnlessRefused(file: JournalFile, error: unknown): void {
  const { firstLine, lastLine } = file.journal.state;
  const hasFailed = isDossierError(error) && error.code === 'storage_unavailable';
  if (lastLine < firstLine && !hasFailed) file.remove();
  else file.save();
}

async function checkUnchanged(
  file: string,
  { path, journal }: JournalFile,
  rows: AsyncIterable<ImportRow>,
  signal: AbortSignal,
): Promise<void> {
  // An interrupt ends the rows early.
  if ((await journal.matches(rows)) || signal.aborted) return;
  throw new UserError(
    `Rows of ${file} that were imported have changed, or rows were inserted or removed among them. Undo that: only rows with errors may change, each on its own line, which may be left blank. Put other changes into a file of their own. ${beginAgain(path)}`,
  );
}

/** Checked before the journal is written. */
function checkAllowedLosses(
  { attributes, extensions }: Schema,
  { tenant, allowLoss = [] }: ImportCommandOptions,
): void {
  const known = new Set([...attributes, ...extensions].map(({ name }) => name.toLowerCase()));
  const unknown = allowLoss.find((name) => !known.has(name.toLowerCase()));
  if (unknown === undefined) return;
  throw new UserError(`--allow-loss ${unknown}: the schema of tenant ${tenant} has no such attribute or extension.`);
}

/** The service names the key alone; the user needs the option and the choice. */
function importError(error: unknown, { identificationKeys }: Schema, { tenant, idKey }: ImportCommandOptions): unknown {
  if (idKey === undefined || !isDossierError(error) || error.code !== 'not_found') return error;
  const names = identificationKeys.map(({ name }) => name).join(', ');
  const choice = names === '' ? 'It has none.' : `Choose from ${names}.`;
  return new UserError(`--id-key ${idKey}: the schema of tenant ${tenant} has no such identification key. ${choice}`);
}

/** Loads what reads the format. */
async function rowReader(
  format: Format,
  csvFormat: CsvFormat,
): Promise<(bytes: AsyncIterable<Uint8Array>) => AsyncIterable<ImportRow>> {
  const { csvRows, ndjsonRows } = await import('dossier/formats');
  if (format === 'ndjson') return ndjsonRows;
  return (bytes) => csvRows(bytes, csvFormat);
}

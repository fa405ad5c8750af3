import {
  createDossier,
  type ImportOptions,
  type ImportRow,
  isDossierError,
  type Schema,
  type ServiceOptions,
} from 'dossier';
import { type CsvFormat, withRowIds } from 'dossier/formats';
import { nameOfDatabase, type PersistentLocation } from '../database-location.js';
import { EXIT } from '../exit-codes.js';
import { importPeers } from '../import-peers.js';
import { interruptSignal } from '../interrupt-signal.js';
import { startProgress } from '../progress.js';
import { checkExcel, delimiterOf, type Format, formatOf } from '../shared-options.js';
import { openExistingStorage } from '../storage.js';
import { schemaOf } from '../tenant-schema.js';
import { UserError } from '../user-error.js';
import { ImportCheckpoint } from './import-checkpoint.js';
import { printImportReport, progressText } from './import-report.js';
import { openImportSource } from './import-source.js';

export interface ImportCommandOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly excel?: true;
  readonly existing: 'skip' | 'replace' | 'refuse';
  readonly idKey?: string;
  readonly maxErrors: number;
  readonly startFrom?: number;
  readonly history?: ServiceOptions['history'];
  readonly actor?: string;
  readonly reason?: string;
}

/**
 * Imports a file, or the standard input for `-`. Sets the exit code if rows failed or the import was interrupted.
 *
 * @throws UserError if the file or the database cannot be opened, or the schema lacks what the options name
 */
export async function importProfiles(file: string, options: ImportCommandOptions): Promise<void> {
  const { database, tenant, existing, idKey, maxErrors, history, actor, reason } = options;
  const format = formatOf(file, options.format);
  checkExcel(options.excel, format);
  const signal = interruptSignal();
  const source = await openImportSource(file, signal);
  const storage = await openExistingStorage(database);
  try {
    const { profiles, schemas } = createDossier({ repository: storage.repository, history });
    const schema = await schemaOf(schemas, options);
    const target = { tenant, database: nameOfDatabase(database) };
    const checkpoint = source.size === undefined ? undefined : ImportCheckpoint.open(file, target, options.startFrom);
    const startFrom = options.startFrom ?? checkpoint?.nextLine ?? 1;
    if (startFrom > 1) console.error(`Starting from line ${startFrom}.`);

    let rows = await rowsOf(source.bytes, format, {
      delimiter: delimiterOf(file, options.delimiter),
      excel: options.excel,
    });
    // With a key, a row without an id may match a profile that has one.
    if (checkpoint && idKey === undefined) rows = withRowIds(rows, checkpoint.idPrefix);
    // Nothing may fail between here and `progress.stop`: a progress bar keeps the process alive.
    const progress = await startProgress(source.size);
    const onProgress: ImportOptions['onProgress'] = (counts) => {
      progress.update(source.position(), progressText(counts));
      checkpoint?.advance(counts.lastLine);
    };
    const importOptions = { existing, idKey, maxErrors, startFrom, onProgress, signal };
    const importing = profiles.import(tenant, rows, importOptions, { actor, reason });
    const result = await importing
      .finally(() => progress.stop())
      .catch((error) => {
        // Nothing was imported, so nothing is to be continued: the file may be mended and imported anew.
        if (checkpoint?.nextLine === 1) checkpoint.remove();
        throw importError(error, schema, options);
      });

    printImportReport(file, result);
    const nextLine = Math.max(result.lastLine + 1, startFrom);
    if (result.complete && !signal.aborted) checkpoint?.remove();
    else {
      checkpoint?.save();
      const next = checkpoint
        ? `Run the same command again to continue, or add --start-from ${nextLine}.`
        : `To continue, send the same input with --start-from ${nextLine}.`;
      const reason = signal.aborted ? 'Interrupted' : `Stopped after ${result.failed} rows with errors (--max-errors),`;
      console.error(`${reason} before line ${nextLine}. ${next}`);
    }
    if (signal.aborted) process.exitCode = EXIT.interrupted;
    else if (result.failed > 0) process.exitCode = EXIT.rowErrors;
  } finally {
    await storage.close();
  }
}

/** The service names the key alone; the user needs the option and the choice. */
function importError(error: unknown, { identificationKeys }: Schema, { tenant, idKey }: ImportCommandOptions): unknown {
  if (idKey === undefined || !isDossierError(error) || error.code !== 'not_found') return error;
  const names = identificationKeys.map(({ name }) => name).join(', ');
  const choice = names === '' ? 'It has none.' : `Choose from ${names}.`;
  return new UserError(`--id-key ${idKey}: the schema of tenant ${tenant} has no such identification key. ${choice}`);
}

async function rowsOf(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
  csvFormat: CsvFormat,
): Promise<AsyncIterable<ImportRow>> {
  const { csvRows, ndjsonRows } = await import('dossier/formats');
  if (format === 'ndjson') return ndjsonRows(bytes);
  await importPeers(['csv-parse'], () => import('csv-parse'));
  return csvRows(bytes, csvFormat);
}

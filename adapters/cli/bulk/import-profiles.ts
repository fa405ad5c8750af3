import { createDossier, type ImportOptions, type ImportRow } from 'dossier';
import { type LastingLocation, nameOfDatabase } from '../database-location.js';
import { EXIT } from '../exit-codes.js';
import { importPeers } from '../import-peers.js';
import { interruptSignal } from '../interrupt-signal.js';
import { startProgress } from '../progress.js';
import { type Format, formatOf } from '../shared-options.js';
import { openStorage } from '../storage.js';
import { ImportJournal } from './import-journal.js';
import { progressText, reportImport } from './import-report.js';
import { openInput } from './input.js';
import { withRowIds } from './row-ids.js';

export interface ImportCommandOptions {
  readonly database: LastingLocation;
  readonly tenant: string;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly existing: 'skip' | 'replace' | 'refuse';
  readonly idKey?: string;
  readonly maxErrors: number;
  readonly startFrom?: number;
}

/**
 * Imports a file, or the standard input for `-`. Sets the exit code where something was left out.
 *
 * @throws UserError if the file or the database cannot be opened
 */
export async function importProfiles(file: string, options: ImportCommandOptions): Promise<void> {
  const { database, tenant, existing, idKey, maxErrors } = options;
  const signal = interruptSignal();
  const input = await openInput(file, signal);
  const storage = await openStorage(database);
  try {
    const { profiles } = createDossier({ repository: storage.repository });
    const target = { tenant, database: nameOfDatabase(database) };
    const journal = input.size === undefined ? undefined : ImportJournal.open(file, target, options.startFrom);
    const startFrom = options.startFrom ?? journal?.nextLine ?? 1;
    if (startFrom > 1) console.error(`Begins at line ${startFrom}.`);

    let rows = await rowsOf(input.bytes, formatOf(file, options.format), options.delimiter);
    // By a key a row may mean a profile that has another id.
    if (journal && idKey === undefined) rows = withRowIds(rows, journal.idPrefix);
    // From here on nothing may fail before it is stopped: a bar keeps the process alive.
    const progress = await startProgress(input.size);
    const onProgress: ImportOptions['onProgress'] = (counts) => {
      progress.update(input.position(), progressText(counts));
      journal?.note(counts.lastLine);
    };
    const importing = profiles.import(tenant, rows, { existing, idKey, maxErrors, startFrom, onProgress, signal });
    const result = await importing.finally(() => progress.stop());

    reportImport(file, result);
    const nextLine = Math.max(result.lastLine + 1, startFrom);
    if (result.complete && !signal.aborted) journal?.remove();
    else {
      journal?.save();
      const again = journal ? 'Run the same command again to go on' : 'Go on';
      const why = signal.aborted ? 'Interrupted' : 'Too many errors: ended';
      console.error(`${why} before line ${nextLine}. ${again}, with --start-from ${nextLine}.`);
    }
    if (signal.aborted) process.exitCode = EXIT.interrupted;
    else if (result.failed > 0) process.exitCode = EXIT.rowErrors;
  } finally {
    await storage.close();
  }
}

async function rowsOf(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
  delimiter: string | undefined,
): Promise<AsyncIterable<ImportRow>> {
  const { csvRows, ndjsonRows } = await import('dossier/formats');
  if (format === 'ndjson') return ndjsonRows(bytes);
  await importPeers(['csv-parse'], () => import('csv-parse'));
  return csvRows(bytes, { delimiter });
}

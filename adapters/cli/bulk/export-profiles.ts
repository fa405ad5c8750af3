import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDossier, type ProfileService, type Schema } from 'dossier';
import { CsvColumns } from 'dossier/formats';
import type { LastingLocation } from '../database-location.js';
import { EXIT } from '../exit-codes.js';
import { interruptSignal } from '../interrupt-signal.js';
import { type Format, formatOf } from '../shared-options.js';
import { openStorage } from '../storage.js';
import { UserError } from '../user-error.js';
import { writeCsv } from './csv-table.js';
import { openPartialFile } from './partial-file.js';
import { type Walk, writeProfiles } from './profile-walk.js';
import { TextOutput } from './text-output.js';

export interface ExportCommandOptions {
  readonly database: LastingLocation;
  readonly tenant: string;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly after?: string;
  readonly resume?: true;
}

interface Export extends ExportCommandOptions {
  readonly profiles: ProfileService;
  readonly schema: Schema;
  readonly signal: AbortSignal;
}

/**
 * Exports all profiles of a tenant to a file, or to the standard output for `-`. Sets the exit code where something was
 * left out.
 *
 * @throws UserError if the file or the database cannot be opened
 */
export async function exportProfiles(file: string, options: ExportCommandOptions): Promise<void> {
  if (options.resume && file === '-') throw new UserError('From the standard output go on with --after.');
  const signal = interruptSignal();
  const storage = await openStorage(options.database);
  try {
    const { profiles, schemas } = createDossier({ repository: storage.repository });
    const job = { ...options, profiles, signal, schema: await schemas.get(options.tenant) };
    const format = formatOf(file, options.format);
    if (file !== '-') await exportToFile(file, format, job);
    else if (format === 'ndjson') await exportToStandardOutput(job);
    else await exportCsvToStandardOutput(job);
  } finally {
    await storage.close();
  }
}

function walk({ profiles, tenant, signal }: Export, output: TextOutput, after: string | undefined): Promise<Walk> {
  return writeProfiles(profiles.all(tenant, { after }), output, signal);
}

/** The file has its name only when it is complete. */
async function exportToFile(file: string, format: Format, job: Export): Promise<void> {
  const partial = `${file}.partial`;
  const columns = format === 'csv' ? columnsOf(job) : undefined;
  if (!(await writePartialFile(partial, job, 'Go on with --resume.'))) return;
  if (columns) {
    const table = `${file}.partial.csv`;
    await writeTable(table, partial, columns);
    await rename(table, file);
    await rm(partial);
  } else await rename(partial, file);
}

/**
 * Answers whether it is complete.
 *
 * @param next what to do where it was interrupted
 */
async function writePartialFile(path: string, job: Export, next: string): Promise<boolean> {
  const { handle, after = job.after } = await openPartialFile(path, { resume: job.resume ?? false });
  try {
    const walked = await walk(job, TextOutput.toFile(handle), after);
    reportWalk(walked, next);
    await handle.sync();
    return walked.complete;
  } finally {
    await handle.close();
  }
}

/**
 * Made before the profiles are looked at, which may take long.
 *
 * @throws MalformedRequestError if nothing can be separated by the delimiter
 */
function columnsOf({ schema, delimiter }: Export): CsvColumns {
  return new CsvColumns(schema, delimiter);
}

async function writeTable(path: string, partial: string, columns: CsvColumns): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    reportUnfit(await writeCsv(partial, columns, TextOutput.toFile(handle)));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exportToStandardOutput(job: Export): Promise<void> {
  const walked = await walk(job, TextOutput.toStandardOutput(), job.after);
  const { last = job.after } = walked;
  reportWalk(walked, last === undefined ? 'Nothing was written.' : `Go on with --after ${last}.`);
}

async function exportCsvToStandardOutput(job: Export): Promise<void> {
  const columns = columnsOf(job);
  const directory = await mkdtemp(join(tmpdir(), 'dossier-export-'));
  try {
    const partial = join(directory, 'profiles.ndjson');
    if (!(await writePartialFile(partial, job, 'Nothing was written.'))) return;
    reportUnfit(await writeCsv(partial, columns, TextOutput.toStandardOutput()));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function reportWalk({ count, complete }: Walk, next: string): void {
  console.error(`${count} profiles exported.`);
  if (complete) return;
  console.error(`Interrupted. ${next}`);
  process.exitCode = EXIT.interrupted;
}

function reportUnfit(unfit: number): void {
  if (unfit === 0) return;
  console.error(`${unfit} profiles have empty strings or empty records, which CSV cannot carry. NDJSON can.`);
  process.exitCode = EXIT.rowErrors;
}

import { type FileHandle, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDossier, type Profile, type ProfileService, type Schema } from 'dossier';
import { CsvColumns, exportRow, ndjsonLine } from 'dossier/formats';
import { identityOfDatabase, type PersistentLocation } from '../database-location.js';
import { EXIT } from '../exit-codes.js';
import { fileError } from '../file-error.js';
import { interruptSignal } from '../interrupt-signal.js';
import { checkExcel, delimiterOf, type Format, formatOf } from '../shared-options.js';
import { openExistingStorage } from '../storage.js';
import { schemaOf } from '../tenant-schema.js';
import { UserError } from '../user-error.js';
import { BufferedOutput } from './buffered-output.js';
import { writeCsv } from './csv-table.js';
import { forgetTarget, openPartialFile } from './partial-file.js';
import { type WrittenProfiles, writeProfiles } from './write-profiles.js';

export interface ExportCommandOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly excel?: true;
  readonly after?: string;
  readonly revisions?: true;
  readonly residual?: true;
  readonly resume?: true;
}

interface Export extends ExportCommandOptions {
  readonly profiles: ProfileService;
  readonly schema: Schema;
  readonly signal: AbortSignal;
}

/**
 * Exports all profiles of a tenant to a file, or to the standard output for `-`. Sets the exit code if CSV cannot
 * represent some profiles or the export was interrupted.
 *
 * @throws UserError if the file or the database cannot be opened, or the tenant has no schema
 */
export async function exportProfiles(file: string, options: ExportCommandOptions): Promise<void> {
  if (options.resume && file === '-')
    throw new UserError('--resume needs a file. To continue on the standard output, use --after ID.');
  const format = formatOf(file, options.format);
  checkExcel(options.excel, format);
  if (options.residual && format !== 'ndjson') {
    throw new UserError(
      '--residual is for NDJSON, since CSV has no columns for what the schema does not know. Add --format ndjson, or choose a file name that ends in .ndjson.',
    );
  }
  const signal = interruptSignal();
  const storage = await openExistingStorage(options.database);
  try {
    const { profiles, schemas } = createDossier({ repository: storage.repository });
    const job = {
      ...options,
      delimiter: delimiterOf(file, options.delimiter),
      profiles,
      signal,
      schema: await schemaOf(schemas, options),
    };
    if (file !== '-') await exportToFile(file, format, job);
    else if (format === 'ndjson') await exportToStandardOutput(job);
    else await exportCsvToStandardOutput(job);
  } finally {
    await storage.close();
  }
}

function write(
  { profiles, schema, tenant, revisions, residual, signal }: Export,
  output: BufferedOutput,
  after: string | undefined,
): Promise<WrittenProfiles> {
  const lineOf = (profile: Profile) => ndjsonLine(exportRow(profile, schema, { revision: revisions }));
  return writeProfiles(profiles.all(tenant, { after, residual }), lineOf, output, signal);
}

/** The file gets its name when it is complete. */
async function exportToFile(file: string, format: Format, job: Export): Promise<void> {
  const partial = `${file}.partial`;
  const columns = format === 'csv' ? columnsOf(job) : undefined;
  if (!(await writePartialFile(partial, job, 'Run the same command with --resume to continue.'))) return;
  if (columns) {
    const table = `${file}.partial.csv`;
    await writeTable(table, partial, columns);
    await rename(table, file);
    await rm(partial);
  } else await rename(partial, file);
  await forgetTarget(partial);
}

/**
 * Writes NDJSON, and returns whether it is complete.
 *
 * @param next what to tell the user to do after an interrupt
 */
async function writePartialFile(path: string, job: Export, next: string): Promise<boolean> {
  const { tenant, database, revisions = false, residual = false } = job;
  const target = { tenant, database: identityOfDatabase(database), revisions, residual };
  const { handle, after = job.after } = await openPartialFile(path, target, { resume: job.resume ?? false });
  return writingTo(path, handle, async () => {
    const written = await write(job, BufferedOutput.toFile(handle), after);
    reportWritten(written, next);
    await handle.sync();
    return written.complete;
  });
}

/**
 * Closes the file after the work.
 *
 * @throws UserError if the file cannot be written, as on a full disk
 */
async function writingTo<Result>(path: string, handle: FileHandle, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // Errors of the file system alone have the system call; those of databases do not.
    const isOfFile = error instanceof Error && 'syscall' in error;
    throw isOfFile ? fileError('write', path, error as NodeJS.ErrnoException) : error;
  } finally {
    await handle.close();
  }
}

/** @throws MalformedRequestError if the delimiter is invalid */
function columnsOf({ schema, delimiter, excel }: Export): CsvColumns {
  return new CsvColumns(schema, { delimiter, excel });
}

async function writeTable(path: string, partial: string, columns: CsvColumns): Promise<void> {
  const handle = await open(path, 'w', 0o600).catch((error) => {
    throw fileError('write', path, error);
  });
  await writingTo(path, handle, async () => {
    reportLossy(await writeCsv(partial, columns, BufferedOutput.toFile(handle)));
    await handle.sync();
  });
}

async function exportToStandardOutput(job: Export): Promise<void> {
  const written = await write(job, BufferedOutput.toStandardOutput(), job.after);
  const { last = job.after } = written;
  reportWritten(written, last === undefined ? 'Nothing was written.' : `To continue, use --after ${last}.`);
}

async function exportCsvToStandardOutput(job: Export): Promise<void> {
  const columns = columnsOf(job);
  const directory = await mkdtemp(join(tmpdir(), 'dossier-export-'));
  try {
    const partial = join(directory, 'profiles.ndjson');
    if (!(await writePartialFile(partial, job, 'Nothing was written.'))) return;
    reportLossy(await writeCsv(partial, columns, BufferedOutput.toStandardOutput()));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function reportWritten({ count, complete }: WrittenProfiles, next: string): void {
  console.error(`${count} profiles exported.`);
  if (complete) return;
  console.error(`Interrupted. ${next}`);
  process.exitCode = EXIT.interrupted;
}

function reportLossy(lossy: number): void {
  if (lossy === 0) return;
  console.error(
    `${lossy} profiles have empty strings or empty records, which CSV cannot represent. Use --format ndjson to keep them.`,
  );
  process.exitCode = EXIT.rowErrors;
}

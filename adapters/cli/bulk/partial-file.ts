import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { parseJsonDocument } from 'dossier';
import { fileError } from '../file-error.js';
import { UserError } from '../user-error.js';

const LINE_FEED = 10;
const FIRST_WINDOW_BYTES = 2 ** 16;

/** Profiles are personal data: only the owner may read the file. */
const MODE = 0o600;

/** An NDJSON file that is being written. */
export interface PartialFile {
  readonly handle: FileHandle;
  /** The customer id of the last complete line; undefined if there is none. */
  readonly after: string | undefined;
}

/** What a partial file is an export of. */
export interface ExportTarget {
  readonly tenant: string;
  readonly database: string;
  /** Whether the lines have revisions. */
  readonly revisions: boolean;
  /** Whether the lines have residual values. */
  readonly residual: boolean;
}

/**
 * Opens the file, and notes beside it what it is an export of.
 *
 * @throws UserError if the file cannot be written, its content cannot be resumed, or it is of another tenant or database
 */
export async function openPartialFile(
  path: string,
  target: ExportTarget,
  { resume }: { readonly resume: boolean },
): Promise<PartialFile> {
  if (resume) await checkTarget(path, target);
  // To resume: `w+` would truncate the file, and `r+` does not create it.
  const handle = await open(path, resume ? 'a+' : 'w+', MODE).catch((error: NodeJS.ErrnoException) => {
    throw fileError('write', path, error);
  });
  try {
    await writeFile(targetFile(path), JSON.stringify(target), { mode: MODE }).catch((error) => {
      throw fileError('write', targetFile(path), error);
    });
    return { handle, after: resume ? await truncateIncompleteLine(handle, path) : undefined };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Deletes the note beside a partial file. */
export async function forgetTarget(path: string): Promise<void> {
  await rm(targetFile(path), { force: true });
}

function targetFile(path: string): string {
  return `${path}.target`;
}

async function checkTarget(path: string, target: ExportTarget): Promise<void> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size === 0) return;
  const noted = await readFile(targetFile(path), 'utf8')
    .then(parseJsonDocument)
    .catch(() => undefined);
  const known: Partial<ExportTarget> = { revisions: false, residual: false, ...(noted as object | undefined) };
  if (textOf(known) === textOf(target)) return;
  const other = known.tenant === undefined ? 'an unknown tenant' : textOf(known);
  throw new UserError(
    `--resume: ${path} is an export of ${other}, not of ${textOf(target)}. Delete it and export without --resume.`,
  );
}

function textOf({ tenant, database, revisions, residual }: Partial<ExportTarget>): string {
  const options = [revisions && '--revisions', residual && '--residual'].filter(Boolean);
  return `tenant ${tenant} of ${database}${options.length > 0 ? ` with ${options.join(' ')}` : ''}`;
}

/** Truncates an incomplete last line, and returns the customer id of the one before. Reads the file from its end. */
async function truncateIncompleteLine(handle: FileHandle, path: string): Promise<string | undefined> {
  const { size } = await handle.stat();
  for (let window = FIRST_WINDOW_BYTES; ; window *= 4) {
    const start = Math.max(0, size - window);
    const { buffer } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    const end = buffer.lastIndexOf(LINE_FEED);
    const begin = end < 1 ? -1 : buffer.lastIndexOf(LINE_FEED, end - 1);
    if (begin < 0 && start > 0) continue;
    await handle.truncate(start + end + 1);
    return end < 0 ? undefined : customerIdOf(buffer.toString('utf8', begin + 1, end), path);
  }
}

function customerIdOf(line: string, path: string): string {
  const profile = parseJsonDocument(line);
  const id =
    typeof profile === 'object' && profile !== null && 'customer_id' in profile ? profile.customer_id : undefined;
  if (typeof id !== 'string')
    throw new UserError(`--resume: ${path} does not hold an export. Delete it and export without --resume.`);
  return id;
}

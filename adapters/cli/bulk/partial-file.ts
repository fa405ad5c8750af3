import { type FileHandle, open } from 'node:fs/promises';
import { parseJsonDocument } from 'dossier';
import { UserError } from '../user-error.js';

const LINE_FEED = 10;
const FIRST_WINDOW = 2 ** 16;

/** Profiles are personal data: for their owner alone. */
const MODE = 0o600;

/** A file of NDJSON that is being written, and where it goes on. */
export interface PartialFile {
  readonly handle: FileHandle;
  /** The customer id of the last profile that it holds whole. */
  readonly after: string | undefined;
}

/** @throws UserError if it cannot be written, or what is there is no export */
export async function openPartialFile(path: string, { resume }: { readonly resume: boolean }): Promise<PartialFile> {
  // Neither `w+`, which would empty it, nor `r+`, which does not make it.
  const handle = await open(path, resume ? 'a+' : 'w+', MODE).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`Cannot write ${path}: ${error.code ?? error.name}.`);
  });
  try {
    return { handle, after: resume ? await cutAfterLastLine(handle, path) : undefined };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Cuts off a line that was not written to its end. */
async function cutAfterLastLine(handle: FileHandle, path: string): Promise<string | undefined> {
  const { size } = await handle.stat();
  for (let window = FIRST_WINDOW; ; window *= 4) {
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
  if (typeof id !== 'string') throw new UserError(`${path} is no export that could go on.`);
  return id;
}

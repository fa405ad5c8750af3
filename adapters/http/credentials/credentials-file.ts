import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { parseJsonDocument } from 'dossier';
import type { Credentials } from './credentials.js';
import { parseCredentials } from './parse-credentials.js';

/**
 * Reads credentials from a file, which `dossier user add` creates, and rereads it when it changes.
 *
 * @returns the argument of {@link basicAuthentication}. It throws if the file can no longer be read, so that requests fail
 *   rather than use old credentials.
 */
export function credentialsFile(path: string): () => Promise<Credentials> {
  let read: { readonly version: string; readonly credentials: Credentials } | undefined;
  return async () => {
    const version = await versionOf(path);
    if (read?.version === version) return read.credentials;
    const credentials = await readCredentialsFile(path);
    read = { version, credentials };
    return credentials;
  };
}

/** @throws Error if the file cannot be read or is not a credentials file; its `cause` has the reason */
export async function readCredentialsFile(path: string): Promise<Credentials> {
  const document = await readFile(path, 'utf8').then(parseJsonDocument).catch(cannotRead);
  return (
    parseCredentials(document) ??
    cannotRead(
      new Error(
        'The file is not a credentials file: members are missing, unknown or invalid. Create one with: dossier user add.',
      ),
    )
  );
}

/** Replaces the file atomically: concurrent readers see the old or the new one. Only the owner may read it. */
export async function writeCredentialsFile(path: string, credentials: Credentials): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(credentials, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The inode tells a replaced file from the old one even if size and times are equal. */
async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path).catch(cannotRead);
  return [ino, size, mtimeMs, ctimeMs].join();
}

function cannotRead(cause: Error): never {
  throw new Error('The credentials file cannot be read.', { cause });
}

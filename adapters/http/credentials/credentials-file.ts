import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { parseJsonDocument } from 'dossier';
import type { Credentials } from './credentials.js';
import { readCredentials } from './read-credentials.js';

/**
 * The credentials in a file, read again when it has changed; `dossier user add` makes one. They are those of the file or
 * none: a file that can no longer be read lets nobody in.
 *
 * @returns what {@link basicAuthentication} takes
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

/** @throws Error if it cannot be read, or holds no credentials; its `cause` tells more */
export async function readCredentialsFile(path: string): Promise<Credentials> {
  const document = await readFile(path, 'utf8').then(parseJsonDocument).catch(cannotRead);
  return readCredentials(document) ?? cannotRead(new Error('It has another form.'));
}

/** Replaces the file as a whole, for its owner alone: whoever reads it meanwhile finds the old one or the new one. */
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

/** A file that takes the place of another has another number, also where both have the same length and time. */
async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path).catch(cannotRead);
  return [ino, size, mtimeMs, ctimeMs].join();
}

function cannotRead(cause: Error): never {
  throw new Error('The credentials cannot be read.', { cause });
}

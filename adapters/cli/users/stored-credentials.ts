import type { Credentials } from 'dossier/http';
import { importPeers } from '../import-peers.js';
import { UserError } from '../user-error.js';

/** What of the HTTP adapter is about credentials; it comes with its peers. */
export function loadHttp() {
  return importPeers(['hono'], () => import('dossier/http'));
}

/** @throws UserError if there is no such file, or no credentials in it */
export async function readUsers(path: string): Promise<Credentials> {
  const { readCredentialsFile } = await loadHttp();
  return readCredentialsFile(path).catch((error) => {
    const { code, message } = error.cause as NodeJS.ErrnoException;
    throw new UserError(`Cannot read the credentials in ${path}: ${code ?? message}`);
  });
}

/** Nobody, where there is no such file. */
export async function readUsersIfAny(path: string): Promise<Credentials> {
  const { NO_CREDENTIALS, readCredentialsFile } = await loadHttp();
  const missing = await readCredentialsFile(path).then(
    () => false,
    (error) => error.cause?.code === 'ENOENT',
  );
  return missing ? NO_CREDENTIALS : readUsers(path);
}

/** @throws UserError if the file cannot be written */
export async function writeUsers(path: string, credentials: Credentials): Promise<void> {
  const { writeCredentialsFile } = await loadHttp();
  await writeCredentialsFile(path, credentials).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`Cannot write the credentials to ${path}: ${error.code ?? error.name}`);
  });
}

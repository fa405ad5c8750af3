import type { Credentials } from 'dossier/http';
import { fileError } from '../file-error.js';
import { importPeers } from '../import-peers.js';
import { UserError } from '../user-error.js';

/** Loads the HTTP adapter, which reads and writes credentials files. */
export function loadHttp() {
  return importPeers(['hono'], () => import('dossier/http'));
}

/** @throws UserError if the file cannot be read or is not a credentials file */
export async function readUsers(path: string): Promise<Credentials> {
  const { readCredentialsFile } = await loadHttp();
  return readCredentialsFile(path).catch(async ({ cause }: { cause: NodeJS.ErrnoException }) => {
    const file = `the credentials file ${path}`;
    if (cause.errno !== undefined) throw fileError('read', file, cause);
    const { isDossierError } = await import('dossier');
    if (isDossierError(cause)) throw new UserError(`${path}: ${cause.message}`);
    throw new UserError(
      `${path} is not a credentials file: members are missing, unknown or invalid. Make one with: dossier user add NAME --credentials FILE`,
    );
  });
}

/** As {@link readUsers}, but a missing file has no users. */
export async function readUsersOrNone(path: string): Promise<Credentials> {
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
  await writeCredentialsFile(path, credentials).catch((error) => {
    throw fileError('write', `the credentials file ${path}`, error);
  });
}

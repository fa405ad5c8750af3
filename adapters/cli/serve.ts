import { isIPv6 } from 'node:net';
import { createDossier } from 'dossier';
import type { Authenticate } from 'dossier/http';
import type { DatabaseLocation } from './database-location.js';
import { exampleCommands } from './example-commands.js';
import { EXAMPLE_TENANT, storeExample } from './example-data.js';
import { listen } from './http-server.js';
import { importPeers } from './import-peers.js';
import { logError, logRequest } from './log.js';
import { isLoopback } from './loopback.js';
import { openStorage } from './storage.js';
import { UserError } from './user-error.js';
import { readUsers } from './users/stored-credentials.js';

const OPEN_TO_THIS_MACHINE =
  'Without --credentials it listens to this machine alone, and whoever calls may do everything.';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseLocation;
  readonly basePath: string;
  readonly defaultTenant?: string;
  readonly example?: true;
  /** The file that tells who may call. */
  readonly credentials?: string;
}

/**
 * Serves the HTTP interface until the process is told to stop; then finishes what has begun, and closes the database.
 *
 * @throws UserError if the database or the credentials cannot be opened, or the address not be listened on
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { host, basePath, defaultTenant } = options;
  const { createProfileApi } = await importPeers(['hono', '@hono/node-server'], () => import('dossier/http'));
  const authenticate = await authenticationOf(options);
  const storage = await openStorage(options.database);
  try {
    const dossier = createDossier({ repository: storage.repository });
    if (options.example) await storeExample(dossier);
    const log = { onRequest: logRequest, onError: logError };
    const api = createProfileApi(dossier, { basePath, defaultTenant, authenticate, ...log });
    const server = await listen(api.fetch, host, options.port);
    const url = `http://${isIPv6(host) ? `[${host}]` : host}:${server.port}${basePath.replace(/\/?$/, '/')}`;
    const tenantIsDefault = Number(defaultTenant) === Number(EXAMPLE_TENANT);
    const commands = options.example ? exampleCommands(url, tenantIsDefault, await exampleCaller(options)) : [];
    // Before the address is told, since whoever reads it may stop the process at once.
    const stopped = stopSignal();
    if (!authenticate) console.error(OPEN_TO_THIS_MACHINE);
    console.error(`To try it in a browser: ${url}docs`);
    console.log([`Dossier listens on ${url}`, ...commands].join('\n'));
    await stopped;
    await server.stop();
  } finally {
    await storage.close();
  }
}

/** @throws UserError where others could call, and nothing tells who may */
async function authenticationOf({ host, credentials }: ServeOptions): Promise<Authenticate | undefined> {
  if (credentials !== undefined) {
    const { basicAuthentication, credentialsFile } = await import('dossier/http');
    await readUsers(credentials);
    return basicAuthentication(credentialsFile(credentials));
  }
  if (!(await isLoopback(host))) {
    throw new UserError(`Without --credentials only this machine may call: ${host} is not a loopback address.`);
  }
  return undefined;
}

/** Who may send the commands of the example, where credentials are asked for; nobody in particular if none may, yet. */
async function exampleCaller({ credentials }: ServeOptions): Promise<string | undefined> {
  if (credentials === undefined) return undefined;
  const { users } = await readUsers(credentials);
  const caller = users.find(({ role, tenants }) => role !== 'reader' && (tenants?.includes(EXAMPLE_TENANT) ?? true));
  return caller?.name ?? 'NAME';
}

/** Resolves when the process is told to stop. A second time the same signal ends it at once, as it would without this. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

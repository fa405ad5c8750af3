import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { createDossier, type ServiceOptions } from 'dossier';
import type { Authenticate } from 'dossier/http';
import { type DatabaseLocation, nameOfDatabase } from './database-location.js';
import { Drain } from './drain.js';
import { exampleCommands } from './example-commands.js';
import { EXAMPLE_TENANT, storeExample } from './example-data.js';
import { type FetchHandler, listen } from './http-server.js';
import { importPeers } from './import-peers.js';
import { interruptSignal } from './interrupt-signal.js';
import { goOnWithoutLog, logError, logRefusal, logRequest } from './log.js';
import { isLoopback } from './loopback.js';
import { openStorage } from './storage.js';
import { UserError } from './user-error.js';
import { readUsers } from './users/credentials-file.js';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseLocation;
  readonly basePath: string;
  readonly defaultTenant?: string;
  readonly example?: true;
  readonly poolSize: number;
  /** In seconds; 0 for no limit. */
  readonly statementTimeout: number;
  readonly maxBodyBytes: number;
  /** In seconds. */
  readonly bodyTimeout: number;
  readonly minBodyRate: number;
  readonly maxPageBytes: number;
  readonly requireExpectedRevision?: true;
  readonly lossGuard?: true;
  readonly history?: ServiceOptions['history'];
  readonly changes?: ServiceOptions['changes'];
  /** The credentials file; without it, only this machine can connect. */
  readonly credentials?: string;
  /** How long the status is a 503 before the server stops listening, in seconds. */
  readonly drainDelay: number;
}

/**
 * Serves the HTTP API and the console until SIGINT or SIGTERM; then drains, answers the requests in flight and closes the database.
 *
 * @throws UserError if the database or the credentials file cannot be opened, or the address cannot be listened on
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { host, basePath, defaultTenant } = options;
  goOnWithoutLog();
  const { createProfileApi } = await importPeers(['hono', '@hono/node-server'], () => import('dossier/http'));
  const { createConsole } = await import('dossier/console');
  const authenticate = await authenticationOf(options);
  const { poolSize, statementTimeout, requireExpectedRevision, lossGuard, history, changes } = options;
  const { maxBodyBytes, minBodyRate, maxPageBytes } = options;
  const statementTimeoutMs = statementTimeout > 0 ? statementTimeout * 1000 : undefined;
  const storage = await openStorage(options.database, { poolSize, statementTimeoutMs });
  try {
    const { repository } = storage;
    const dossier = createDossier({ repository, requireExpectedRevision, lossGuard, history, changes });
    if (options.example) await storeExample(dossier);
    const limits = { maxBodyBytes, bodyTimeoutMs: options.bodyTimeout * 1000, minBodyRate, maxPageBytes };
    const log = { onRequest: logRequest, onError: logError };
    const stopping = new AbortController();
    const { signal: closing } = stopping;
    const settings = { defaultTenant, authenticate, closing, ...limits, ...log };
    const api = createProfileApi(dossier, { basePath, ...settings });
    const consolePath = `${basePath.replace(/\/$/, '')}/console`;
    const customerConsole = createConsole(dossier, { basePath: consolePath, ...settings });
    const drain = new Drain(basePath);
    const server = await listen(besideEachOther(consolePath, customerConsole.fetch, api.fetch), {
      host,
      port: options.port,
      localOnly: authenticate === undefined,
      refuse: (incoming) => drain.refusalOf(incoming),
      onRefused: logRefusal,
    });
    const url = `http://${isIPv6(host) ? `[${host}]` : host}:${server.port}${basePath.replace(/\/?$/, '/')}`;
    const tenantIsDefault = Number(defaultTenant) === Number(EXAMPLE_TENANT);
    const commands = options.example ? exampleCommands(url, tenantIsDefault, await exampleUser(options)) : [];
    // Handle signals before the address is printed: whoever reads it may stop the process at once.
    const stopped = once(interruptSignal(), 'abort');
    for (const line of notices(options, url)) console.error(line);
    console.log([`Dossier listens on ${url}`, ...commands].join('\n'));
    await stopped;
    await drain.begin(options.drainDelay * 1000);
    const stop = server.stop();
    // Who waits for changes is answered at once.
    stopping.abort();
    await stop;
  } finally {
    await storage.close();
  }
}

/** What is below the path of the console goes there, everything else to the API. */
function besideEachOther(consolePath: string, toConsole: FetchHandler, toApi: FetchHandler): FetchHandler {
  return (request, env) => {
    const { pathname } = new URL(request.url);
    const isPage = pathname === consolePath || pathname.startsWith(`${consolePath}/`);
    return (isPage ? toConsole : toApi)(request, env);
  };
}

/** What a newcomer needs to know, for the standard error. */
function notices({ database, credentials }: ServeOptions, url: string): string[] {
  const lifetime = database.kind === 'memory' ? ' (everything is lost when the server stops)' : '';
  return [
    `Console to find and edit customers in a browser: ${url}console`,
    `Database: ${nameOfDatabase(database)}${lifetime}`,
    credentials === undefined
      ? 'Access: this machine only, without a password. To let others in, add users: dossier user add --help'
      : `Access: the users in ${credentials}`,
    `API docs to try in a browser: ${url}docs`,
    'Press Ctrl+C to stop.',
  ];
}

/** @throws UserError if other machines could connect and no credentials are required */
async function authenticationOf({ host, credentials }: ServeOptions): Promise<Authenticate | undefined> {
  if (credentials !== undefined) {
    const { basicAuthentication, credentialsFile } = await import('dossier/http');
    await readUsers(credentials);
    return basicAuthentication(credentialsFile(credentials));
  }
  if (!(await isLoopback(host))) {
    throw new UserError(
      `--host ${host} is not a loopback address, so other machines could connect. Require users with --credentials FILE (see dossier user add), or leave --host out.`,
    );
  }
  return undefined;
}

/** The user that the example's commands name; a placeholder if the file has none that may run them. */
async function exampleUser({ credentials }: ServeOptions): Promise<string | undefined> {
  if (credentials === undefined) return undefined;
  const { users } = await readUsers(credentials);
  const user = users.find(({ role, tenants }) => role !== 'reader' && (tenants?.includes(EXAMPLE_TENANT) ?? true));
  return user?.name ?? 'NAME';
}

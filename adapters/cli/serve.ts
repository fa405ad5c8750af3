import { isIPv6 } from 'node:net';
import { createProfiles } from 'dossier';
import { exampleCommands } from './example-commands.js';
import { EXAMPLE_TENANT, storeExample } from './example-data.js';
import { listen } from './http-server.js';
import { importPeers } from './import-peers.js';
import { logError, logRequest } from './log.js';
import type { DatabaseLocation } from './option-values.js';
import { openStorage } from './storage.js';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseLocation;
  readonly basePath: string;
  readonly defaultTenant?: string;
  readonly example?: true;
}

/**
 * Serves the HTTP interface until the process is told to stop; then finishes what has begun, and closes the database.
 *
 * @throws UserError if the database cannot be opened, or the address not be listened on
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { host, basePath, defaultTenant } = options;
  const { createProfileApi } = await importPeers(['hono', '@hono/node-server'], () => import('dossier/http'));
  const storage = await openStorage(options.database);
  try {
    const services = createProfiles({ repository: storage.repository });
    if (options.example) await storeExample(services);
    const api = createProfileApi({ ...services, basePath, defaultTenant, onRequest: logRequest, onError: logError });
    const server = await listen(api.fetch, host, options.port);
    const url = `http://${isIPv6(host) ? `[${host}]` : host}:${server.port}${basePath.replace(/\/?$/, '/')}`;
    const commands = options.example ? exampleCommands(url, Number(defaultTenant) === Number(EXAMPLE_TENANT)) : [];
    // Before the address is told, since whoever reads it may stop the process at once.
    const stopped = stopSignal();
    console.log([`Dossier listens on ${url}`, ...commands].join('\n'));
    await stopped;
    await server.stop();
  } finally {
    await storage.close();
  }
}

/** Resolves when the process is told to stop. A second time the same signal ends it at once, as it would without this. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

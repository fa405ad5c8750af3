import { isDossierError, StorageUnavailableError } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { PublicHandler } from '../operation.js';
import { installedVersion } from '../package-version.js';
import { jsonResponse } from '../response.js';

const STARTED = new Date().toISOString();

/** Of the package; `undefined` in a bundle of the host that leaves the package out. */
let version: Promise<string | undefined> | undefined;

/** W12 */
export const getStatus: PublicHandler = {
  id: 'getServerStatus',
  summary: 'Check whether the storage is available',
  responses: { 200: { description: 'The storage is available.', schema: component('ServerStatus') } },
  errors: ['storage_unavailable'],

  async run({ profiles, serverMode }) {
    const [mode] = await Promise.all([serverMode.get(), profiles.ping()]).catch((cause: unknown) => {
      if (isDossierError(cause)) throw cause;
      throw new StorageUnavailableError('The storage did not respond.', { cause });
    });
    version ??= installedVersion();
    const now = new Date().toISOString();
    return jsonResponse(200, {
      status: 'ok',
      version: await version,
      mode,
      started: STARTED,
      system_time: now,
    });
  },
};

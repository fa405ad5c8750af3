import { isDossierError, StorageUnavailableError } from 'dossier';
import { component } from '../description/wire-schemas.js';
import type { PublicHandler } from '../operation.js';
import { jsonResponse } from './json-response.js';

/** W12 */
export const getStatus: PublicHandler = {
  id: 'getServerStatus',
  summary: 'Tell whether the storage answers',
  answers: { 200: { description: 'It does.', schema: component('ServerStatus') } },
  errors: ['storage_unavailable'],

  async run({ profiles }) {
    try {
      await profiles.ping();
    } catch (cause) {
      if (isDossierError(cause)) throw cause;
      throw new StorageUnavailableError('The storage does not answer.', { cause });
    }
    return jsonResponse(200, { status: 'ok' });
  },
};

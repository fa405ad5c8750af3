import { isDossierError, StorageUnavailableError } from 'dossier';
import type { Services } from '../operation.js';
import { jsonResponse } from './json-response.js';

/** Answers 200 when the storage answers, and 503 otherwise (W12). */
export async function getStatus({ profiles }: Services): Promise<Response> {
  try {
    await profiles.ping();
  } catch (cause) {
    if (isDossierError(cause)) throw cause;
    throw new StorageUnavailableError('The storage does not answer.', { cause });
  }
  return jsonResponse(200, { status: 'ok' });
}

import { isDossierError, StorageUnavailableError } from '../errors.js';

/**
 * Does what is left to do once a schema change has taken place. Should the storage fail then, the caller must not be told
 * that nothing has changed.
 *
 * @param left what may be left undone, in words
 * @throws StorageUnavailableError whose outcome is unknown
 */
export async function afterSchemaChange<Result>(left: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!isDossierError(cause) || cause.code !== 'storage_unavailable') throw cause;
    throw new StorageUnavailableError(`The schema has changed, but ${left}`, { cause, outcomeUnknown: true });
  }
}

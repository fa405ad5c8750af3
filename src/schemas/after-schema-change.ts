import { isDossierError, StorageUnavailableError } from '../errors.js';

/**
 * Runs the rest of a schema change whose commit has succeeded. If the storage fails now, the error says that the schema
 * has changed: its `outcomeUnknown` is true.
 *
 * @param left what may be unfinished, for the message
 * @throws StorageUnavailableError with `outcomeUnknown`
 */
export async function afterSchemaChange<Result>(left: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!isDossierError(cause) || cause.code !== 'storage_unavailable') throw cause;
    throw new StorageUnavailableError(`The schema has changed, but ${left}`, { cause, outcomeUnknown: true });
  }
}

import { isDossierError, NotFoundError } from 'dossier';

/** The error for callers who may not know what was deleted: as if the profile had never been (W13). */
export function withoutMergedInto(error: unknown): unknown {
  const isMergedAway = isDossierError(error) && error.code === 'not_found' && error.mergedInto !== undefined;
  return isMergedAway ? new NotFoundError(error.message) : error;
}

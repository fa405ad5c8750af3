import { type ChangeOptions, isDossierError, type StateOptions } from 'dossier';
import type { OperationDescription } from '../openapi/operation-description.js';
import type { Call } from '../operation.js';
import { changeIf, type Expected } from './conditional-change.js';

/** The request headers of {@link Call.context}. */
export const CONTEXT_HEADERS = [
  'X-Genesys-Segment',
  'X-Genesys-Actor',
  'X-Genesys-Reason',
  'X-Genesys-Origin',
] as const;

/** The request headers and errors that all changes of a stored profile share. */
export const CHANGE = {
  headers: ['If-Match', 'If-None-Match', ...CONTEXT_HEADERS],
  errors: [
    'invalid_profile',
    'schema_not_defined',
    'not_found',
    'identity_taken',
    'revision_conflict',
    'precondition_required',
  ],
} as const satisfies Partial<OperationDescription>;

/**
 * Changes a profile by what the request headers say: `If-Match` and `If-None-Match` (W3), and the context of the change.
 *
 * @throws MalformedRequestError if a header is neither `*` nor a list of entity tags
 */
export function changeProfile<Result>(
  { headers, context, profiles, tenantId }: Pick<Call, 'headers' | 'context' | 'profiles' | 'tenantId'>,
  customerId: string,
  change: (options: ChangeOptions) => Promise<Result>,
): Promise<Result> {
  return changeIf(headers, {
    current: async () => {
      try {
        return await profiles.get(tenantId, customerId, { fresh: true });
      } catch (error) {
        if (isDossierError(error) && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    missing: [],
    change: (expected) => change({ ...stateOptions(expected), ...context }),
  });
}

/** A bare revision counts where no reading matches (R22). */
function stateOptions(expected: Expected): StateOptions {
  if (expected === undefined) return {};
  const { revisions, readings } = expected;
  return readings.length > 0 ? { basedOn: readings, ifRevision: revisions } : { ifRevision: revisions };
}

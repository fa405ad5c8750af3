import type { ChangeOptions } from 'dossier';
import type { OperationDescription } from '../description/operation-description.js';
import { expectedRevisions } from '../entity-tags.js';
import type { Call } from '../operation.js';

/** What all changes of a stored profile have in common for their callers. */
export const CHANGE = {
  headers: ['If-Match', 'X-Genesys-Segment'],
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
 * What a change of a profile heeds beside its body: `If-Match` (W3) and the segment (W1).
 *
 * @throws MalformedRequestError if `If-Match` is neither `*` nor a list of entity tags
 */
export function changeOptions({ headers, context }: Pick<Call, 'headers' | 'context'>): ChangeOptions {
  const revisions = expectedRevisions(headers);
  // With `*` any revision will do: what there is none of is a 404 in any case.
  return { ifRevision: revisions === '*' ? undefined : revisions, ...context };
}

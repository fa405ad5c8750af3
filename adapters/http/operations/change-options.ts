import type { ChangeOptions } from 'dossier';
import { expectedRevisions } from '../entity-tags.js';
import type { OperationDescription } from '../openapi/operation-description.js';
import type { Call } from '../operation.js';

/** The request headers and errors that all changes of a stored profile share. */
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
 * The options that a change takes from its headers: `If-Match` (W3) and the segment (W1).
 *
 * @throws MalformedRequestError if `If-Match` is neither `*` nor a list of entity tags
 */
export function changeOptions({ headers, context }: Pick<Call, 'headers' | 'context'>): ChangeOptions {
  const revisions = expectedRevisions(headers);
  // `*` matches any revision; a missing profile is a 404 anyway.
  return { ifRevision: revisions === '*' ? undefined : revisions, ...context };
}

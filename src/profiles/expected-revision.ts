import { MalformedRequestError, PreconditionRequiredError, RevisionConflictError } from '../errors.js';

/**
 * The expected revision of a profile, or version of a schema: one, or any of an array. An empty array never matches.
 */
export type ExpectedRevision = number | readonly number[];

/** What a change expects: `'any'` is for a change that is exempt from `requireExpectedRevision`. */
export type Expectation = ExpectedRevision | 'any' | undefined;

/**
 * Reads the expected revision from `ifRevision` and `basedOn`.
 *
 * @throws MalformedRequestError if a revision is not an integer from 0 on, or if the two options disagree
 */
export function readExpectedRevision(
  ifRevision: ExpectedRevision | undefined,
  basedOn?: { readonly revision: number } | undefined,
): ExpectedRevision | undefined {
  if (ifRevision === undefined && basedOn === undefined) return undefined;
  const revisions = [ifRevision === undefined ? [] : ifRevision, basedOn === undefined ? [] : basedOn.revision].flat();
  if (!revisions.every((revision) => Number.isSafeInteger(revision) && revision >= 0)) {
    throw new MalformedRequestError(
      'The expected revision must be an integer of at least 0, or an array of such integers.',
    );
  }
  if (basedOn === undefined) return typeof ifRevision === 'number' ? ifRevision : revisions;
  if (ifRevision !== undefined && !includes(ifRevision, basedOn.revision)) {
    throw new MalformedRequestError(
      '`ifRevision` and `basedOn` name different revisions. Use only one of these options.',
    );
  }
  return basedOn.revision;
}

/**
 * Compares the expected revision with the current one (R14).
 *
 * @throws PreconditionRequiredError if the call names no revision, and the host requires one
 * @throws RevisionConflictError if the current revision is not an expected one
 */
export function matchRevision(
  expected: Expectation,
  current: number,
  { requireExpectedRevision = false }: { readonly requireExpectedRevision?: boolean } = {},
): void {
  if (expected === 'any') return;
  if (expected === undefined) {
    if (requireExpectedRevision) {
      throw new PreconditionRequiredError(
        'This host requires an expected revision. Set `ifRevision` or `basedOn`, or over HTTP the header If-Match.',
      );
    }
  } else if (!includes(expected, current)) {
    throw new RevisionConflictError(current);
  }
}

function includes(expected: ExpectedRevision, revision: number): boolean {
  return typeof expected === 'number' ? expected === revision : expected.includes(revision);
}

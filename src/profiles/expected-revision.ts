import { MalformedRequestError, PreconditionRequiredError, RevisionConflictError } from '../errors.js';

/** The revision that something must still have: one, or any of a list. Of an empty list none matches. */
export type ExpectedRevision = number | readonly number[];

/**
 * Reads what the caller expects, by either way of saying it.
 *
 * @throws MalformedRequestError if it is no revision, or if the two disagree
 */
export function readExpectedRevision(
  ifRevision: ExpectedRevision | undefined,
  basedOn?: { readonly revision: number } | undefined,
): ExpectedRevision | undefined {
  if (ifRevision === undefined && basedOn === undefined) return undefined;
  const revisions = [ifRevision === undefined ? [] : ifRevision, basedOn === undefined ? [] : basedOn.revision].flat();
  if (!revisions.every((revision) => Number.isSafeInteger(revision) && revision >= 0)) {
    throw new MalformedRequestError('The expected revision must be an integer from 0 on, or an array of them.');
  }
  if (basedOn === undefined) return typeof ifRevision === 'number' ? ifRevision : revisions;
  if (ifRevision !== undefined && !includes(ifRevision, basedOn.revision)) {
    throw new MalformedRequestError('`ifRevision` and `basedOn` name different revisions: give one of them.');
  }
  return basedOn.revision;
}

/**
 * Holds what is expected against what is (R14).
 *
 * @throws PreconditionRequiredError if a revision must be expected and none is
 * @throws RevisionConflictError if another one is
 */
export function matchRevision(
  expected: ExpectedRevision | undefined,
  current: number,
  { requireExpectedRevision = false }: { readonly requireExpectedRevision?: boolean } = {},
): void {
  if (expected === undefined) {
    if (requireExpectedRevision) {
      throw new PreconditionRequiredError(
        'This host requires an expected revision. Give `ifRevision` or `basedOn`, or over HTTP the header If-Match.',
      );
    }
  } else if (!includes(expected, current)) {
    throw new RevisionConflictError(current);
  }
}

function includes(expected: ExpectedRevision, revision: number): boolean {
  return typeof expected === 'number' ? expected === revision : expected.includes(revision);
}

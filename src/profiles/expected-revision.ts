import { MalformedRequestError, RevisionConflictError } from '../errors.js';

/**
 * The expected revision of a profile, or version of a schema: one, or any of an array. An empty array never matches.
 */
export type ExpectedRevision = number | readonly number[];

/**
 * @param option the name of the option, for the error
 * @throws MalformedRequestError if a revision is not an integer from 0 on
 */
export function readExpectedRevision(
  option: 'ifRevision' | 'ifVersion',
  expected: ExpectedRevision | undefined,
): ExpectedRevision | undefined {
  if (expected === undefined) return undefined;
  const revisions = [expected].flat();
  if (!revisions.every((revision) => Number.isSafeInteger(revision) && revision >= 0)) {
    throw new MalformedRequestError(`\`${option}\` must be an integer of at least 0, or an array of such integers.`);
  }
  return typeof expected === 'number' ? expected : revisions;
}

/** @throws RevisionConflictError if the current revision is not an expected one (R14) */
export function matchRevision(expected: ExpectedRevision | undefined, current: number): void {
  if (expected !== undefined && !includesRevision(expected, current)) throw new RevisionConflictError(current);
}

export function includesRevision(expected: ExpectedRevision, revision: number): boolean {
  return typeof expected === 'number' ? expected === revision : expected.includes(revision);
}

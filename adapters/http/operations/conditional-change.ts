import { isDossierError, RevisionConflictError } from 'dossier';
import { entityTag, type NamedRevisions, type Preconditions, preconditionsOf } from '../entity-tags.js';

/** What a change expects: any of these revisions, or versions of the schema; `undefined` for no expectation. */
type Expected = readonly number[] | undefined;

/** Something with a revision or a version that a request changes. */
export interface ConditionalTarget<Result> {
  /** The current revision; `undefined` if there is none. */
  readonly current: () => Promise<number | undefined>;
  /** What to expect if there is none: an empty list if that is an error, `[0]` if the change creates it. */
  readonly missing: readonly number[];
  /** @throws RevisionConflictError if the current revision is not among the expected ones */
  readonly change: (expected: Expected) => Promise<Result>;
}

/** How often the revision may move between reading and changing. */
const MAX_ATTEMPTS = 10;

/**
 * Carries out a change if `If-Match` and `If-None-Match` hold (W3).
 *
 * @throws MalformedRequestError if a header is neither `*` nor a list of entity tags
 * @throws RevisionConflictError if they do not hold, with a message that says why
 */
export async function changeIf<Result>(headers: Headers, target: ConditionalTarget<Result>): Promise<Result> {
  const preconditions = preconditionsOf(headers);
  const { ifMatch, ifNoneMatch } = preconditions;
  if (ifNoneMatch === undefined) {
    // `*` matches any revision; what is missing is a 404 anyway.
    return target.change(ifMatch === '*' ? undefined : ifMatch).catch(explain(preconditions));
  }
  for (let attempt = 1; ; attempt += 1) {
    const current = await target.current();
    const expected = expectation(preconditions, current, target.missing);
    try {
      return await target.change(expected);
    } catch (error) {
      const moved = isConflict(error) && error.currentRevision !== (current ?? 0);
      if (expected.length === 0 || !moved || attempt === MAX_ATTEMPTS) throw explained(error, preconditions);
    }
  }
}

/** An empty list matches nothing: the service then reports what comes before a 412, in the documented order. */
function expectation(
  { ifMatch, ifNoneMatch }: Preconditions,
  current: number | undefined,
  missing: readonly number[],
): readonly number[] {
  if (current === undefined) return ifMatch === undefined ? missing : [];
  return names(ifMatch ?? '*', current) && !names(ifNoneMatch ?? [], current) ? [current] : [];
}

function names(revisions: NamedRevisions, revision: number): boolean {
  return revisions === '*' || revisions.includes(revision);
}

function isConflict(error: unknown): error is RevisionConflictError {
  return isDossierError(error) && error.code === 'revision_conflict';
}

function explain(preconditions: Preconditions): (error: unknown) => never {
  return (error) => {
    throw explained(error, preconditions);
  };
}

/** The service knows revisions alone; the caller needs to know which header has failed, and why. */
function explained(error: unknown, { ifMatch, weakMatches, ifNoneMatch }: Preconditions): unknown {
  if (!isConflict(error)) return error;
  const { currentRevision: current } = error;
  const tag = entityTag(current);
  if (weakMatches.includes(current) && !names(ifMatch ?? [], current)) {
    return new RevisionConflictError(
      current,
      `If-Match has the weak tag W/${tag}, and a weak tag matches nothing, although the revision is still ${current}. Something on the way, such as compression, has weakened it. Send ${tag}.`,
    );
  }
  if (ifNoneMatch !== undefined && current > 0 && names(ifNoneMatch, current)) {
    return new RevisionConflictError(
      current,
      `If-None-Match has ${ifNoneMatch === '*' ? '*' : tag}, which matches: the current revision is ${current}.`,
    );
  }
  return error;
}

import { type ChangeOptions, isDossierError, RevisionConflictError, type StateOptions } from 'dossier';
import { CONTEXT_HEADERS } from '../change-context.js';
import {
  type CurrentState,
  type NamedStates,
  namesState,
  type Preconditions,
  preconditionsOf,
  statesNaming,
  tagNaming,
} from '../entity-tags.js';
import type { OperationDescription } from '../openapi/operation-description.js';
import type { Call } from '../operation.js';

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

/** The states that a change accepts; `undefined` for any. */
type Expected = NamedStates | undefined;

/** Something with a revision or a version that a request changes. */
interface ConditionalTarget<Result> {
  /** The current state; `undefined` if there is none. */
  readonly current: () => Promise<CurrentState | undefined>;
  /** What to expect if there is none: no revision if that is an error, 0 if the change creates it. */
  readonly missing: readonly number[];
  /** @throws RevisionConflictError if the current state is not among the expected ones */
  readonly change: (expected: Expected) => Promise<Result>;
}

/** How often the state may change between reading and changing. */
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
    // `*` matches any state; what is missing is a 404 anyway.
    return target.change(ifMatch === '*' ? undefined : ifMatch).catch(async (error) => {
      throw await explained(error, preconditions, target);
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    const current = await target.current();
    const expected = expectation(preconditions, current, target.missing);
    try {
      return await target.change(expected);
    } catch (error) {
      const moved = isConflict(error) && error.currentRevision !== (current?.revision ?? 0);
      if (expected === NOTHING || !moved || attempt === MAX_ATTEMPTS) {
        throw await explained(error, preconditions, target);
      }
    }
  }
}

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

/** Matches nothing: the service then reports what comes before a 412, in the documented order. */
const NOTHING: NamedStates = { revisions: [], readings: [] };

function expectation(
  { ifMatch, ifNoneMatch }: Preconditions,
  current: CurrentState | undefined,
  missing: readonly number[],
): NamedStates {
  if (current === undefined) return ifMatch === undefined ? { revisions: missing, readings: [] } : NOTHING;
  if (namesState(ifNoneMatch ?? NOTHING, current)) return NOTHING;
  // The state must stay the one that was looked at: the next one may be another tag of both headers.
  if (ifMatch === undefined || ifMatch === '*') return { revisions: [current.revision], readings: [] };
  return statesNaming(ifMatch, current);
}

function isConflict(error: unknown): error is RevisionConflictError {
  return isDossierError(error) && error.code === 'revision_conflict';
}

/** The service knows states alone; the caller needs to know which header has failed, and why. */
async function explained(
  error: unknown,
  { ifMatch, weakMatches, ifNoneMatch }: Preconditions,
  target: Pick<ConditionalTarget<unknown>, 'current'>,
): Promise<unknown> {
  const hasWeak = weakMatches.revisions.length + weakMatches.readings.length > 0;
  if (!isConflict(error) || !(hasWeak || ifNoneMatch)) return error;
  const current = await target.current().catch(() => undefined);
  if (current?.revision !== error.currentRevision) return error;
  const { revision } = current;
  const weak = tagNaming(weakMatches, current);
  if (weak !== undefined && !namesState(ifMatch ?? NOTHING, current)) {
    return withMessage(
      error,
      `If-Match has the weak tag W/${weak}, and a weak tag matches nothing, although the revision is still ${revision}. Something on the way, such as compression, has weakened it. Send ${weak}.`,
    );
  }
  const excluded = ifNoneMatch === '*' ? '*' : tagNaming(ifNoneMatch ?? NOTHING, current);
  if (excluded !== undefined) {
    return withMessage(error, `If-None-Match has ${excluded}, which matches: the current revision is ${revision}.`);
  }
  return error;
}

function withMessage(error: RevisionConflictError, message: string): RevisionConflictError {
  const { currentRevision, changed, conflicting } = error;
  return new RevisionConflictError(currentRevision, message, { changed, conflicting, states: () => error.states() });
}

import { MalformedRequestError, PreconditionRequiredError, RevisionConflictError } from '../errors.js';
import type { Profile } from '../model/profile.js';
import type { StateToken, StoredProfile } from '../storage/profile-repository.js';
import { type ExpectedRevision, includesRevision, readExpectedRevision } from './expected-revision.js';
import { isReadingOf, joinShown, parseReading, type Reading, type Shown, tokenIn } from './reading.js';
import type { Settings } from './settings.js';

/** A profile as a service returned it, or its `reading`; or several of them. */
export type BasedOn = Profile | string | readonly (Profile | string)[];

/** Which state of a profile a change expects. */
export interface StateOptions {
  /** The optimistic-lock token: the revision that the profile must still have (R14). */
  readonly ifRevision?: ExpectedRevision | undefined;
  /**
   * The reading that the change is based on (R22): the profile as a service returned it, or its `reading`, a string that
   * survives JSON. The change takes place only if the profile is still in that state. Of several readings, any may match;
   * with `ifRevision`, either.
   */
  readonly basedOn?: BasedOn | undefined;
}

/** The states that a change accepts. */
export interface ExpectedState {
  readonly revisions: ExpectedRevision | undefined;
  readonly readings: readonly Reading[];
  /** Whether any other state will do as well. */
  readonly any?: true;
}

/** For a change that is exempt from `requireExpectedRevision`. */
export const ANY_STATE: ExpectedState = { revisions: undefined, readings: [], any: true };

/** How the current state meets the expected one. */
export interface Match {
  readonly matches: boolean;
  /** What the readings showed that are of the current state; `undefined` if none is. */
  readonly shown: Shown | undefined;
}

/**
 * @returns `undefined` if any state will do
 * @throws MalformedRequestError if a revision is not an integer from 0 on, or `basedOn` is no profile of this id
 */
export function readExpectedState(
  { ifRevision, basedOn }: StateOptions,
  tenantId: string,
  customerId: string,
): ExpectedState | undefined {
  if (ifRevision === undefined && basedOn === undefined) return undefined;
  const given = basedOn === undefined ? [] : Array.isArray(basedOn) ? basedOn : [basedOn];
  const readings = given.flatMap((one: unknown) => parseReading(textOf(one, tenantId, customerId)) ?? []);
  return { revisions: readExpectedRevision('ifRevision', ifRevision), readings };
}

function textOf(given: unknown, tenantId: string, customerId: string): string {
  if (typeof given === 'string') return given;
  const profile = given as Partial<Profile> | null | undefined;
  if (profile?.tenantId === tenantId && profile.customerId === customerId && typeof profile.reading === 'string') {
    return profile.reading;
  }
  throw new MalformedRequestError(
    '`basedOn` must be the profile to change, as a service returned it, or its `reading`.',
  );
}

/** What the readings showed together, whether they match or not; `undefined` if there are none. */
export function shownTogether(expected: ExpectedState | undefined): Shown | undefined {
  return expected && expected.readings.length > 0 ? joinShown(expected.readings) : undefined;
}

/** The one state that is expected; `undefined` if several are. */
export function soleExpectation({
  revisions,
  readings,
}: ExpectedState): { readonly revision: number; readonly reading: Reading | undefined } | undefined {
  const named = revisions === undefined ? [] : [revisions].flat();
  if (named.length + readings.length !== 1) return undefined;
  const [reading] = readings;
  const revision = reading?.revision ?? named[0];
  return revision === undefined ? undefined : { revision, reading };
}

/**
 * The one state that is expected, as the storage tells states apart; `undefined` if several are, or if a reading cannot be
 * of this profile.
 */
export function tokenOf(expected: ExpectedState, tenantId: string, customerId: string): StateToken | undefined {
  const { revision, reading } = soleExpectation(expected) ?? {};
  if (reading !== undefined) return tokenIn(reading, tenantId, customerId);
  return revision === undefined ? undefined : { revision };
}

/** Compares the current state with the expected one (R14, R22). */
export function matchState(expected: ExpectedState | undefined, tenantId: string, current: StoredProfile): Match {
  if (expected === undefined) return { matches: true, shown: undefined };
  const { revisions, readings, any = false } = expected;
  const matching = readings.filter((reading) => isReadingOf(reading, tenantId, current));
  if (matching.length > 0) return { matches: true, shown: joinShown(matching) };
  const matches = any || (revisions !== undefined && includesRevision(revisions, current.revision));
  return { matches, shown: undefined };
}

/**
 * @throws PreconditionRequiredError if no state is expected, and the host requires one
 * @throws RevisionConflictError if the current state is not the expected one
 */
export function assertMatch(
  { matches }: Match,
  expected: ExpectedState | undefined,
  { revision }: StoredProfile,
  { requireExpectedRevision }: Pick<Settings, 'requireExpectedRevision'>,
): void {
  if (expected === undefined && requireExpectedRevision) {
    throw new PreconditionRequiredError(
      'This host requires an expected revision. Set `basedOn` or `ifRevision`, or over HTTP the header If-Match.',
    );
  }
  if (!matches) throw new RevisionConflictError(revision);
}

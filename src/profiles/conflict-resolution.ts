import { isDossierError, RevisionConflictError } from '../errors.js';
import { checkRepresentation } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import { differingMembers, type KnownState, knownState, type StateContent } from '../rules/difference.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import { givenExtensions, projectAttributes, projectExtensionsDocument, viewExtensions } from '../rules/projection.js';
import { decideReplacement } from '../rules/replacement.js';
import { mergeThreeWays } from '../rules/three-way-merge.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { turnAfter } from '../storage/turns.js';
import { type ExpectedState, type Match, shownTogether, soleExpectation } from './expected-state.js';
import type { ProfileHistory } from './profile-history.js';
import { isReadingOf } from './reading.js';
import { contentAfter, segmentAfter } from './repository-changes.js';

/** A profile that is in another state than the one that a call expects. */
export interface StateConflict {
  readonly tenantId: string;
  readonly schema: CompiledSchema;
  /** With its extensions. */
  readonly current: StoredProfile;
  readonly expected: ExpectedState;
  /** The expected state, if the process still knows it. */
  readonly base: StoredProfile | undefined;
}

/** A change of content that expects another state than the current one. */
export interface Conflict extends StateConflict {
  readonly change: {
    readonly segment: string | null | undefined;
    readonly rebase?: boolean | undefined;
  };
  readonly decide: (current: StoredProfile, match: Match) => Decision;
}

/** The error for what is refused as a whole: it tells what others changed since the expected state, if that is known (L3). */
export async function revisionConflict(
  history: ProfileHistory,
  conflict: StateConflict,
): Promise<RevisionConflictError> {
  const { schema, current } = conflict;
  const base = await baseOf(history, conflict);
  if (base === undefined) return conflictSince(base, schema, current);
  const before = await knownInTurn(schema, base);
  const after = await knownInTurn(schema, current);
  return conflictSince(base, schema, current, differingMembers(schema, before, after));
}

/**
 * Tells what happened since the state that a change expects (L3), and carries the change over to the current state if that
 * is asked for, and both sides do not touch the same (L4).
 *
 * @returns the decision about the current state, and the new segment; `undefined` keeps the stored one
 * @throws RevisionConflictError otherwise
 */
export async function resolveConflict(
  history: ProfileHistory,
  conflict: Conflict,
  limits: ProfileLimits,
): Promise<{ readonly decision: Decision; readonly segment: string | null | undefined }> {
  const { schema, current, change } = conflict;
  const base = await baseOf(history, conflict);
  if (base === undefined) throw conflictSince(base, schema, current);
  await turnAfter(current);
  const mine = changeOf(base, conflict);
  await turnAfter(current);
  const states = { base: await knownInTurn(schema, base), theirs: await knownInTurn(schema, current) };
  const theirs = differingMembers(schema, states.base, states.theirs);
  await turnAfter(current);
  if (mine === undefined) throw conflictSince(base, schema, current, theirs);
  const known = { ...states, mine: await knownInTurn(schema, mine) };
  const changed = { theirs, mine: differingMembers(schema, known.base, known.mine) };
  const own = new Set(changed.mine);
  const conflicting = theirs.filter((pointer) => own.has(pointer));
  const isSegmentTaken = conflicting.includes('/segment') && mine.segment !== current.segment;
  const isRebased = change.rebase && !isSegmentTaken && base.createdAt === current.createdAt;
  await turnAfter(mine);
  const merged = isRebased ? mergeThreeWays(schema, known, changed) : undefined;
  if (merged?.kind !== 'merged') throw conflictSince(base, schema, current, theirs, conflicting);
  await turnAfter(merged);
  const { attributes, extensions } = merged;
  const representation = { attributes, extensions: givenExtensions(schema, extensions) };
  const check = checkRepresentation(schema, representation, limits);
  await turnAfter(merged);
  const decision = decideReplacement(schema, current, check);
  // A segment that equals that of the base does not change it.
  return { decision, segment: mine.segment === base.segment ? undefined : change.segment };
}

function conflictSince(
  base: StoredProfile | undefined,
  schema: CompiledSchema,
  current: StoredProfile,
  changed?: readonly string[],
  conflicting?: readonly string[],
): RevisionConflictError {
  // Copies of large states take as much memory again, and few callers look at them.
  const states = base && (() => ({ expected: stateView(schema, base), current: stateView(schema, current) }));
  return new RevisionConflictError(current.revision, undefined, { changed, conflicting, states });
}

async function knownInTurn(schema: CompiledSchema, state: StateContent): Promise<KnownState> {
  const known = knownState(schema, state);
  await turnAfter(state);
  return known;
}

/** The state that the call expects, if it names one, and that is known. */
async function baseOf(
  history: ProfileHistory,
  { tenantId, expected, current, base }: StateConflict,
): Promise<StoredProfile | undefined> {
  const sole = soleExpectation(expected);
  if (sole === undefined) return undefined;
  const { revision, reading } = sole;
  if (base?.extensions && base.revision === revision) return base;
  try {
    const { profile } = await history.at(tenantId, current.customerId, revision);
    return reading === undefined || isReadingOf(reading, tenantId, profile) ? profile : undefined;
  } catch (error) {
    if (isDossierError(error) && (error.code === 'not_found' || error.code === 'not_supported')) return undefined;
    throw error;
  }
}

/** What the change makes of the base; `undefined` if it would be refused there. */
function changeOf(base: StoredProfile, { schema, expected, change, decide }: Conflict): StateContent | undefined {
  const { segment } = change;
  try {
    const decision = decide(base, { matches: true, shown: shownTogether(expected) });
    if (decision.kind === 'changed') return contentAfter(schema, base, { ...decision, segment });
    return decision.kind === 'unchanged' ? { ...base, segment: segmentAfter(base, segment) } : undefined;
  } catch (error) {
    if (isDossierError(error)) return undefined;
    throw error;
  }
}

function stateView(
  schema: CompiledSchema,
  { revision, attributes, extensions = {}, residual, segment }: StoredProfile,
) {
  return {
    revision,
    attributes: projectAttributes(schema.attributes, attributes, residual?.attributes),
    extensions: viewExtensions(schema, projectExtensionsDocument(schema, extensions, residual?.extensions)),
    ...(segment !== undefined && { segment }),
  };
}

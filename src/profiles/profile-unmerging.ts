import { InvalidProfileError, MergeConflictError, NotFoundError } from '../errors.js';
import { checkRepresentation } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { changedMembers } from '../rules/difference.js';
import type { StateMetadata, StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { turnAfter } from '../storage/turns.js';
import { type AfterErasure, type Attribution, attributionOf } from './change-context.js';
import type { ErasedIds } from './erased-ids.js';
import type { ChangeResult, Expectation, ProfileChanges } from './profile-changes.js';
import type { ProfileHistory } from './profile-history.js';
import { noSuchProfile } from './profile-loading.js';
import { representationOf } from './profile-restoring.js';
import { tooLarge } from './profile-size.js';
import { creation } from './repository-changes.js';
import type { Settings } from './settings.js';

/** What taking a merge back needs. */
export interface UnmergeServices {
  readonly changes: ProfileChanges;
  readonly history: ProfileHistory;
  readonly erasedIds: ErasedIds;
  readonly settings: Settings;
}

interface UnmergeRequest extends Attribution, AfterErasure {
  readonly expected: Expectation;
}

/** Restores two profiles to what they were before the latest merge of one into the other, in one commit (H4). */
export function unmergeProfiles(
  { changes, history, erasedIds, settings }: UnmergeServices,
  tenantId: string,
  destinationId: string,
  sourceId: string,
  { expected, afterErasure, ...context }: UnmergeRequest,
): Promise<ChangeResult> {
  const metadata = { operation: 'unmerge', ...attributionOf(context) } as const;
  return retry(async () => {
    await erasedIds.refuse(tenantId, sourceId, afterErasure);
    const { schema, profile: destination } = await changes.load(tenantId, destinationId, true);
    if (!schema) throw noSuchProfile();
    if (!destination) throw await changes.missing(tenantId, destinationId);
    await turnAfter(destination);
    await changes.expect(expected, tenantId, schema, destination);
    const merge = await unchangedMerge(history, tenantId, schema, destination, sourceId);
    const { profile: before } = await history.at(tenantId, destinationId, merge - 1);
    const source = await mergedAway(history, tenantId, sourceId, destinationId);
    await assertValid(schema, [before, source], settings);
    const update = changes.restoration(schema, destination, before, { ...metadata, counterpart: sourceId });
    await turnAfter(destination);
    const recreated = { ...source, createdAt: settings.uniqueTimestamp() };
    const origin = { ...metadata, counterpart: destinationId };
    const created = creation(schema, recreated, origin, settings.changes !== undefined);
    await turnAfter(source);
    // The destination comes first: it releases the unique entries that the source takes back.
    const result = await changes.commitUnlessTaken(tenantId, schema, [update.change, created]);
    if (result.outcome === 'id_taken') throw conflict([]);
    return result.outcome === 'committed' ? { schema, profile: update.profile } : undefined;
  });
}

/**
 * The revision that the latest merge of the source made.
 *
 * @throws MergeConflictError if the destination has changed since
 */
async function unchangedMerge(
  history: ProfileHistory,
  tenantId: string,
  schema: CompiledSchema,
  destination: StoredProfile,
  sourceId: string,
): Promise<number> {
  const merge = await history.latestMerge(tenantId, destination.customerId, sourceId);
  if (merge?.profile === undefined) throw notMerged();
  const { revision, at, profile } = merge;
  if (revision === destination.revision && at === destination.updatedAt) return revision;
  const changed = changedMembers(schema, profile, destination);
  if (changed.length > 0) throw conflict(changed);
  await turnAfter(profile);
  return revision;
}

/** The source as it was before it was merged away. */
async function mergedAway(
  history: ProfileHistory,
  tenantId: string,
  sourceId: string,
  destinationId: string,
): Promise<StoredProfile> {
  const end = await history.present(tenantId, sourceId);
  if (end === undefined) throw notMerged();
  if (end.profile) throw conflict([]);
  if (!isMergeInto(end.metadata, destinationId)) throw notMerged();
  return (await history.at(tenantId, sourceId, end.revision - 1)).profile;
}

function isMergeInto(metadata: StateMetadata | undefined, destinationId: string): boolean {
  return metadata?.operation === 'merge' && metadata.counterpart === destinationId;
}

/** @throws InvalidProfileError, TooLargeError if today's rules refuse one of the former states */
async function assertValid(
  schema: CompiledSchema,
  states: readonly StoredProfile[],
  settings: Settings,
): Promise<void> {
  for (const state of states) {
    const check = checkRepresentation(schema, representationOf(schema, state), settings);
    await turnAfter(state);
    if (check.valid) continue;
    if (check.tooLarge) throw tooLarge(check.tooLarge, settings.maxProfileBytes);
    throw new InvalidProfileError(check.violations);
  }
}

/** @param changed what of the destination has changed since; nothing if the id of the source is taken */
function conflict(changed: readonly string[]): MergeConflictError {
  const reason =
    changed.length > 0
      ? `The destination has changed since the merge: ${changed.join(', ')}. Restore what it was, then repeat this.`
      : 'Another profile has the id of the source. Delete it, then repeat this.';
  return new MergeConflictError([], { pointers: changed, message: `The merge cannot be taken back. ${reason}` });
}

function notMerged(): NotFoundError {
  return new NotFoundError('The profile has no merge of this source that could be taken back.');
}

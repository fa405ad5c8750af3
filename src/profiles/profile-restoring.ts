import { AlreadyExistsError, NotFoundError, SchemaNotDefinedError } from '../errors.js';
import { checkRepresentation } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { knownContent } from '../rules/known-content.js';
import { decideReplacement } from '../rules/replacement.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { type Attribution, attributionOf } from './change-context.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import { type ChangeResult, noSuchProfile, type ProfileChanges } from './profile-changes.js';
import type { ProfileCreation } from './profile-creation.js';
import type { ProfileHistory } from './profile-history.js';
import type { Settings } from './settings.js';

/** What restoring takes. */
export interface RestoreServices {
  readonly changes: ProfileChanges;
  readonly creation: ProfileCreation;
  readonly history: ProfileHistory;
  readonly settings: Settings;
}

/** Which state to restore. */
export interface RestoreRequest extends Attribution {
  readonly revision: number;
  readonly expected: ExpectedRevision | undefined;
  /** Whether the segment is restored as well. */
  readonly withSegment: boolean;
  /** Whether a profile that was deleted is restored as well. */
  readonly withDeleted: boolean;
}

/**
 * Makes a profile what it was in a former state: a replacement by today's rules (H3). A profile that was deleted is
 * created under its id.
 */
export function restoreProfile(
  { changes, creation, history, settings }: RestoreServices,
  tenantId: string,
  customerId: string,
  { revision, expected, withSegment, withDeleted, ...context }: RestoreRequest,
): Promise<ChangeResult> {
  const attribution = attributionOf(context);
  return retry(async () => {
    const present = await history.present(tenantId, customerId);
    // Before the former state: whoever may not know of deleted profiles must not learn which revisions they had.
    if (present === undefined || (!present.profile && !withDeleted)) throw await missing(changes, tenantId, customerId);
    const { schema, profile: former } = await history.at(tenantId, customerId, revision);
    const segment = withSegment ? (former.segment ?? null) : undefined;
    if (present.profile) {
      const change = {
        needsExtensions: () => true,
        decide: (newest: CompiledSchema) => {
          const check = checkRepresentation(newest, knownContent(newest, former), settings.maxProfileBytes);
          return (current: StoredProfile) => decideReplacement(newest, current, check);
        },
        segment,
        metadata: { operation: 'restore', ...attribution } as const,
      };
      return unlessMoved(changes.change(tenantId, customerId, change, expected), NotFoundError);
    }
    if (expected !== undefined) matchRevision(expected, present.revision);
    const input = { customerId, ...knownContent(schema, former) };
    const created = creation.one(tenantId, input, { ...attribution, segment: segment ?? undefined }, 'restore');
    return unlessMoved(created, AlreadyExistsError);
  });
}

async function missing(changes: ProfileChanges, tenantId: string, customerId: string): Promise<Error> {
  const { schema } = await changes.load(tenantId, customerId, false);
  return schema ? noSuchProfile() : new SchemaNotDefinedError();
}

/** Returns `undefined` if the profile was deleted or created in between. */
async function unlessMoved(
  result: Promise<ChangeResult>,
  moved: typeof NotFoundError | typeof AlreadyExistsError,
): Promise<ChangeResult | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof moved) return undefined;
    throw error;
  }
}

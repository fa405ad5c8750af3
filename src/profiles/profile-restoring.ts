import { AlreadyExistsError } from '../errors.js';
import type { Representation } from '../model/representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { projectAttributesForView, projectExtensions } from '../rules/projection.js';
import { decideReplacement } from '../rules/replacement.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { captureRepresentation } from './captured-representation.js';
import { type Attribution, attributionOf } from './change-context.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import type { ChangeResult, ProfileChanges } from './profile-changes.js';
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
}

/**
 * Makes a profile what it was in a former state: a replacement by today's rules (H3). A profile that was deleted is
 * created under its id.
 */
export function restoreProfile(
  { changes, creation, history, settings }: RestoreServices,
  tenantId: string,
  customerId: string,
  { revision, expected, withSegment, ...context }: RestoreRequest,
): Promise<ChangeResult> {
  const metadata = { operation: 'restore', ...attributionOf(context) } as const;
  return retry(async () => {
    const { schema: known, profile: former } = await history.at(tenantId, customerId, revision);
    const present = await history.present(tenantId, customerId);
    const representation = representationOf(known, former);
    const segment = withSegment ? (former.segment ?? null) : undefined;
    if (present?.profile) {
      const captured = captureRepresentation(representation, known, settings.maxProfileBytes);
      const change = {
        needsExtensions: () => true,
        decide: (schema: CompiledSchema) => {
          const check = captured(schema);
          return (current: StoredProfile) => decideReplacement(schema, current, check);
        },
        segment,
        metadata,
      };
      return changes.change(tenantId, customerId, change, expected);
    }
    if (expected !== undefined) matchRevision(expected, present?.revision ?? 0);
    try {
      const input = { customerId, ...representation };
      return await creation.one(
        tenantId,
        input,
        { ...attributionOf(context), segment: segment ?? undefined },
        'restore',
      );
    } catch (error) {
      // Created anew in between: then that profile is what is replaced.
      if (error instanceof AlreadyExistsError) return undefined;
      throw error;
    }
  });
}

/** All that the former state had, in today's names. */
function representationOf(schema: CompiledSchema, former: StoredProfile): Representation {
  return {
    attributes: projectAttributesForView(schema, former.attributes),
    extensions: projectExtensions(schema, former.extensions ?? {}),
  };
}

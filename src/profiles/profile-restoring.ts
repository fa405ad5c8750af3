import { AlreadyExistsError, InvalidProfileError, NotFoundError, SchemaNotDefinedError } from '../errors.js';
import type { ResidualDocument } from '../model/documents.js';
import type { Representation } from '../model/representation.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import { givenExtensions, projectContent } from '../rules/projection.js';
import { decideReplacement } from '../rules/replacement.js';
import { type GivenForms, givenForms } from '../rules/replacement-preview.js';
import { keepResidualMembers, movedResidual, residualOf } from '../rules/residual.js';
import type { StoredProfile, StoredState } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { turnAfter } from '../storage/turns.js';
import { captureRepresentation } from './captured-representation.js';
import { type AfterErasure, type Attribution, attributionOf } from './change-context.js';
import type { ErasedIds } from './erased-ids.js';
import { matchRevision } from './expected-revision.js';
import type { ExpectedState } from './expected-state.js';
import type { LossGuard } from './loss-guard.js';
import type { ChangeResult, ProfileChange, ProfileChanges } from './profile-changes.js';
import type { ProfileCreation } from './profile-creation.js';
import type { FormerProfile, ProfileHistory } from './profile-history.js';
import type { Settings } from './settings.js';

/** What restoring takes. */
export interface RestoreServices {
  readonly changes: ProfileChanges;
  readonly creation: ProfileCreation;
  readonly history: ProfileHistory;
  readonly erasedIds: ErasedIds;
  readonly settings: Settings;
}

/** Which state to restore. */
export interface RestoreRequest extends Attribution, AfterErasure {
  readonly revision: number;
  readonly expected: ExpectedState | undefined;
  readonly guard: LossGuard;
  /** Whether the segment is restored as well. */
  readonly withSegment: boolean;
  /** Whether a profile that was deleted is restored as well. */
  readonly withDeleted: boolean;
}

/** The result of restoring, with pointers to what the schema does not know. */
export interface Restored extends ChangeResult {
  readonly unknown: readonly string[];
}

/**
 * Makes a profile what it was in a former state: a replacement by today's rules (H3). A profile that was deleted is
 * created under its id.
 */
export function restoreProfile(
  services: RestoreServices,
  tenantId: string,
  customerId: string,
  request: RestoreRequest,
): Promise<Restored> {
  const { changes, history, erasedIds } = services;
  return retry(async () => {
    const present = presenceOf(await history.present(tenantId, customerId));
    if (!present?.exists) await erasedIds.refuse(tenantId, customerId, request.afterErasure);
    // Before the former state: whoever may not know of deleted profiles must not learn which revisions they had.
    if (present === undefined || (!present.exists && !request.withDeleted)) {
      throw await missing(changes, tenantId, customerId);
    }
    const former = await history.at(tenantId, customerId, request.revision);
    const restoring = present.exists
      ? unlessMoved(replace(services, tenantId, former, request), NotFoundError)
      : unlessMoved(recreate(services, tenantId, former, request, present.revision), AlreadyExistsError);
    const restored = await restoring.catch((error) => unlessOutdated(changes, tenantId, former, error));
    await turnAfter(former.profile);
    return restored && { ...restored, unknown: pointersTo(residualOf(restored.schema, former.profile)) };
  });
}

/** Without the content, which a restored state is not compared with. */
function presenceOf(
  newest: StoredState | undefined,
): { readonly revision: number; readonly exists: boolean } | undefined {
  return newest && { revision: newest.revision, exists: newest.profile !== undefined };
}

async function replace(
  { changes, settings }: RestoreServices,
  tenantId: string,
  { schema: known, profile: former }: FormerProfile,
  { expected, withSegment, guard, ...context }: RestoreRequest,
): Promise<ChangeResult> {
  const representation = representationOf(known, former);
  const captured = captureRepresentation(representation, known, settings);
  await turnAfter(former);
  const change: ProfileChange = {
    needsExtensions: () => true,
    decide: (schema) => {
      guard.assertKnown(schema);
      const check = captured(schema);
      return (current) => withResidual(schema, current, former, decideReplacement(schema, current, check));
    },
    segment: withSegment ? (former.segment ?? null) : undefined,
    metadata: { operation: 'restore', ...attributionOf(context) },
    guard: (schema, before, after) => {
      if (guard.applies(schema)) guard.check(schema, before, after(), valuesIn(schema, representation));
    },
  };
  return changes.change(tenantId, former.customerId, change, expected);
}

/** @param present the revision of the deletion */
async function recreate(
  { creation }: RestoreServices,
  tenantId: string,
  { schema, profile: former }: FormerProfile,
  { expected, withSegment, guard, ...context }: RestoreRequest,
  present: number,
): Promise<ChangeResult> {
  guard.assertKnown(schema);
  const { customerId, segment } = former;
  if (expected !== undefined) matchRevision(expected.revisions ?? [], present);
  const input = { customerId, ...representationOf(schema, former) };
  const restored = { ...attributionOf(context), segment: withSegment ? segment : undefined };
  return creation.one(tenantId, input, restored, { operation: 'restore', former });
}

async function missing(changes: ProfileChanges, tenantId: string, customerId: string): Promise<Error> {
  const { schema } = await changes.load(tenantId, customerId, false);
  return schema ? changes.missing(tenantId, customerId) : new SchemaNotDefinedError();
}

/** Returns `undefined`, for a retry, if it was a newer schema than that of the former state that refused it. */
async function unlessOutdated(
  changes: ProfileChanges,
  tenantId: string,
  { schema: known, profile: { customerId } }: FormerProfile,
  error: unknown,
): Promise<undefined> {
  if (error instanceof InvalidProfileError) {
    const { schema } = await changes.load(tenantId, customerId, false);
    if (schema?.version !== known.version) return undefined;
  }
  throw error;
}

/** Returns `undefined`, for a retry, if the profile was deleted or created in between. */
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

/** Adds the values that today's schema does not know, where none is stored under their names (R23). */
function withResidual(
  schema: CompiledSchema,
  current: StoredProfile,
  former: StoredProfile,
  decision: Decision,
): Decision {
  const residual = movedResidual(schema, former, current);
  if (decision.kind === 'unchanged' && residual) {
    return { kind: 'changed', attributes: current.attributes, extensions: undefined, residual };
  }
  if (decision.kind !== 'changed') return decision;
  const { extensions } = decision;
  const kept = extensions && keepResidualMembers(schema, former.extensions ?? {}, extensions);
  return { ...decision, extensions: kept, residual };
}

/** All that the former state had, in today's names. */
export function representationOf(schema: CompiledSchema, former: StoredProfile): Representation {
  const { attributes, extensions } = projectContent(schema, former);
  return { attributes, extensions: givenExtensions(schema, extensions) };
}

/** What the former state did not have counts as left out (L2). */
function valuesIn(schema: CompiledSchema, representation: Representation): GivenForms {
  return new Map([...givenForms(schema, representation)].filter(([, form]) => form === 'value'));
}

function pointersTo({ attributes = {}, extensions = {} }: ResidualDocument = {}): string[] {
  return [...Object.keys(attributes), ...Object.keys(extensions)].map((name) => pointerTo('', name));
}

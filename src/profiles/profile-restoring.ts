import { AlreadyExistsError } from '../errors.js';
import type { ResidualDocument } from '../model/documents.js';
import type { Representation } from '../model/representation.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import { projectAttributes, projectExtensionsDocument, viewExtensions } from '../rules/projection.js';
import { decideReplacement } from '../rules/replacement.js';
import { keepResidualMembers, missingResidual, residualDocumentOf, residualOf } from '../rules/residual.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { captureRepresentation } from './captured-representation.js';
import { type Attribution, attributionOf } from './change-context.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import type { ChangeResult, ProfileChange, ProfileChanges } from './profile-changes.js';
import type { ProfileCreation } from './profile-creation.js';
import type { FormerProfile, ProfileHistory } from './profile-history.js';
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
  const { changes, history } = services;
  return retry(async () => {
    const former = await history.at(tenantId, customerId, request.revision);
    const { profile } = await changes.load(tenantId, customerId, false);
    const restored = await (profile ? replace : recreate)(services, tenantId, former, request);
    return restored && { ...restored, unknown: pointersTo(residualOf(restored.schema, former.profile)) };
  });
}

function replace(
  { changes, settings }: RestoreServices,
  tenantId: string,
  { schema: known, profile: former }: FormerProfile,
  { expected, withSegment, ...context }: RestoreRequest,
): Promise<ChangeResult> {
  const captured = captureRepresentation(representationOf(known, former), known, settings.maxProfileBytes);
  const change: ProfileChange = {
    needsExtensions: () => true,
    decide: (schema) => {
      const check = captured(schema);
      return (current) => withResidual(schema, current, former, decideReplacement(schema, current, check));
    },
    segment: withSegment ? (former.segment ?? null) : undefined,
    metadata: { operation: 'restore', ...attributionOf(context) },
  };
  return changes.change(tenantId, former.customerId, change, expected);
}

/** Returns `undefined`, for a retry, if the id was taken in between: then that profile is what is replaced. */
async function recreate(
  { creation, history }: RestoreServices,
  tenantId: string,
  { schema, profile: former }: FormerProfile,
  { expected, withSegment, ...context }: RestoreRequest,
): Promise<ChangeResult | undefined> {
  const { customerId, segment } = former;
  if (expected !== undefined) {
    const deletion = await history.present(tenantId, customerId);
    matchRevision(expected, deletion?.revision ?? 0);
  }
  const input = { customerId, ...representationOf(schema, former) };
  const restored = { ...attributionOf(context), segment: withSegment ? segment : undefined };
  try {
    return await creation.one(tenantId, input, restored, { operation: 'restore', former });
  } catch (error) {
    if (error instanceof AlreadyExistsError) return undefined;
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
  const residual = missingResidual(residualDocumentOf(schema, former), residualOf(schema, current));
  if (decision.kind === 'unchanged' && residual) {
    return { kind: 'changed', attributes: current.attributes, extensions: undefined, residual };
  }
  if (decision.kind !== 'changed') return decision;
  const { extensions } = decision;
  const kept = extensions && keepResidualMembers(schema, former.extensions ?? {}, extensions);
  return { ...decision, extensions: kept, residual };
}

/** All that the former state had, in today's names. */
function representationOf(
  schema: CompiledSchema,
  { attributes, extensions = {}, residual }: StoredProfile,
): Representation {
  const projected = projectExtensionsDocument(schema, extensions, residual?.extensions);
  return {
    attributes: projectAttributes(schema.attributes, attributes, residual?.attributes),
    extensions: viewExtensions(schema, projected),
  };
}

function pointersTo({ attributes = {}, extensions = {} }: ResidualDocument = {}): string[] {
  return [...Object.keys(attributes), ...Object.keys(extensions)].map((name) => pointerTo('', name));
}

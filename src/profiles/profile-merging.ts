import {
  InvalidProfileError,
  MalformedRequestError,
  MergeConflictError,
  NotFoundError,
  SchemaNotDefinedError,
} from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { decideMerge, mergeableContent } from '../rules/merge.js';
import { movedResidual } from '../rules/residual.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { turnAfter } from '../storage/turns.js';
import { attributionOf, type ChangeContext } from './change-context.js';
import type { ChangeResult, Expectation, ProfileChanges } from './profile-changes.js';

interface MergeRequest extends ChangeContext {
  readonly force: boolean;
  readonly expected: Expectation;
}

/** Merges a source profile into a destination, in one commit (W11). */
export function mergeProfiles(
  changes: ProfileChanges,
  tenantId: string,
  destinationId: string,
  sourceId: string,
  request: MergeRequest,
): Promise<ChangeResult> {
  if (destinationId === sourceId)
    throw new MalformedRequestError(
      'The destination and the source are the same profile. Name two different customer ids.',
    );
  return retry(async () => {
    const { schema, profile: destination } = await changes.load(tenantId, destinationId, true);
    if (!schema) throw new SchemaNotDefinedError();
    if (!destination) throw await changes.missing(tenantId, destinationId);
    await turnAfter(destination);
    const { profile: source } = await changes.load(tenantId, sourceId, true);
    if (!source) throw await missingSource(changes, tenantId, sourceId);
    return merge(changes, tenantId, schema, destination, source, request);
  });
}

/** Returns `undefined` if a profile or the schema changed in between. */
async function merge(
  changes: ProfileChanges,
  tenantId: string,
  schema: CompiledSchema,
  destination: StoredProfile,
  source: StoredProfile,
  { force, expected, segment, ...context }: MergeRequest,
): Promise<ChangeResult | undefined> {
  await turnAfter(source);
  const before = mergeableContent(schema, destination);
  await turnAfter(destination);
  const other = mergeableContent(schema, source);
  await turnAfter(source);
  const decision = decideMerge(schema, before, other, force, changes.limits);
  if (decision.kind === 'refused') throw new InvalidProfileError(decision.violations);
  await changes.expect(expected, tenantId, schema, destination);
  if (decision.kind === 'conflict') throw new MergeConflictError(decision.extensions);

  const { attributes, extensions } = decision;
  const metadata = { operation: 'merge', ...attributionOf(context) } as const;
  await turnAfter(decision);
  const residual = movedResidual(schema, source, destination);
  await turnAfter(source);
  const next = { attributes, extensions, segment, residual };
  const { change, profile } = changes.update(schema, destination, next, {
    ...metadata,
    counterpart: source.customerId,
  });
  // The source is deleted first, so that the destination can take over its unique entries.
  await turnAfter(profile);
  const sourceDeletion = changes.deletion(schema, source, { ...metadata, counterpart: destination.customerId });
  await turnAfter(source);
  const { outcome } = await changes.commitUnlessTaken(tenantId, schema, [sourceDeletion, change]);
  return outcome === 'committed' ? { schema, profile } : undefined;
}

async function missingSource(changes: ProfileChanges, tenantId: string, sourceId: string): Promise<NotFoundError> {
  const { mergedInto } = await changes.missing(tenantId, sourceId);
  return new NotFoundError('The tenant has no profile with the customer id of the source.', { mergedInto });
}

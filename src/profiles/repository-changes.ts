import type { AttributesDocument, ExtensionsDocument, ResidualDocument } from '../model/documents.js';
import { isCanonical } from '../rules/canonical-form.js';
import type { CheckedRepresentation } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { changedMembers, type StateContent } from '../rules/difference.js';
import { entriesOf, entryChanges } from '../rules/identification/entries.js';
import { keepResidual, type NextContent } from '../rules/residual.js';
import type {
  CreateChange,
  DeleteChange,
  IndexChange,
  ReplaceChange,
  StateMetadata,
  StoredProfile,
  UpdateChange,
} from '../storage/profile-repository.js';

/** Why a profile changes: the metadata of its next state, and what the feed tells beside it. */
export interface Cause extends StateMetadata {
  readonly origin?: string | undefined;
}

/**
 * What a change keeps of its cause: metadata and, where a feed is kept, a line (C1).
 *
 * @param feed whether a feed is kept
 */
function kept(
  { origin, ...metadata }: Cause,
  feed: boolean,
  schema: CompiledSchema,
  before: StateContent | undefined,
  after: StateContent | undefined,
): Pick<CreateChange, 'metadata' | 'line'> {
  if (!feed) return { metadata };
  // Those of a draining extension as well: its removal is a change of the profiles that have records in it (W8).
  return { metadata, line: { origin, changed: changedMembers(schema, before, after, schema.stored) } };
}

/** The next state of a profile. If absent, the extensions and the segment stay as they are, as residual values do. */
export interface NextState {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
  /** `null` removes it. */
  readonly segment?: string | null | undefined;
  /**
   * Values that become residual where none is stored under their names (R23); or `null`: all residual values are dropped.
   */
  readonly residual?: ResidualDocument | null | undefined;
}

/** The repository change that creates a profile. */
export function creation(
  schema: CompiledSchema,
  { customerId, segment, attributes, extensions = {}, residual, createdAt: at }: StoredProfile,
  cause: Cause,
  feed: boolean,
): CreateChange {
  const { addEntries } = entryChanges(schema, undefined, { attributes, extensions, residual });
  return {
    kind: 'create',
    schemaVersion: schema.version,
    customerId,
    ...kept(cause, feed, schema, undefined, { attributes, extensions, segment }),
    segment,
    attributes,
    extensions,
    residual,
    at,
    addEntries,
    canonical: isCanonical(schema, { attributes, extensions }),
  };
}

/** The repository change that replaces a profile whatever it is. */
export function replacement(
  schema: CompiledSchema,
  customerId: string,
  content: CheckedRepresentation,
  { expected, segment }: Pick<ReplaceChange, 'expected' | 'segment'>,
  { origin, ...metadata }: Cause,
  at: string,
  feed: boolean,
): ReplaceChange {
  const { version: schemaVersion, canonicalSince, names, indexed } = schema;
  const { attributes, extensions } = content;
  const { keys, entries } = entriesOf(schema, content);
  const line = feed ? { origin, ...names } : undefined;
  return {
    customerId,
    schemaVersion,
    canonicalSince,
    expected,
    metadata,
    segment,
    attributes,
    extensions,
    at,
    keys,
    entries,
    indexed,
    line,
  };
}

/** What an update makes of a profile. */
export function contentAfter(schema: CompiledSchema, current: StoredProfile, next: NextState): StateContent {
  const { extensions = current.extensions, residual } = withKeptResidual(schema, current, next);
  return { attributes: next.attributes, extensions, residual, segment: segmentAfter(current, next.segment) };
}

/** @param segment the new one: `undefined` keeps the stored one, and `null` removes it */
export function segmentAfter(
  current: Pick<StoredProfile, 'segment'>,
  segment: string | null | undefined,
): string | undefined {
  return segment === undefined ? current.segment : (segment ?? undefined);
}

function withKeptResidual(
  schema: CompiledSchema,
  current: StoredProfile,
  next: NextState,
): Pick<NextContent, 'extensions' | 'residual'> {
  const { residual } = next;
  return residual === null ? { ...next, residual: undefined } : keepResidual(schema, current, { ...next, residual });
}

/** The repository change that updates a profile, and the profile afterwards. */
export function update(
  schema: CompiledSchema,
  current: StoredProfile,
  next: NextState,
  cause: Cause,
  now: string,
  feed: boolean,
): { readonly change: UpdateChange; readonly profile: StoredProfile } {
  const { customerId, revision, createdAt } = current;
  const { attributes } = next;
  const { extensions, residual } = withKeptResidual(schema, current, next);
  const segment = segmentAfter(current, next.segment);
  const at = notBefore(now, current);
  const { addEntries, removeEntries } = entryChanges(schema, current, { attributes, extensions, residual });
  return {
    change: {
      kind: 'update',
      customerId,
      schemaVersion: schema.version,
      expectedRevision: revision,
      createdAt,
      ...kept(cause, feed, schema, current, {
        ...next,
        extensions: extensions ?? current.extensions,
        residual,
        segment,
      }),
      segment,
      attributes,
      extensions,
      residual,
      at,
      addEntries,
      removeEntries,
      canonical: isCanonical(schema, { attributes, extensions }),
    },
    profile: {
      customerId,
      revision: revision + 1,
      segment,
      attributes,
      extensions: extensions ?? current.extensions,
      residual,
      createdAt,
      updatedAt: at,
    },
  };
}

/** The repository change that deletes a profile. The profile must have been loaded with its extensions. */
export function deletion(
  schema: CompiledSchema,
  current: StoredProfile,
  cause: Cause,
  now: string,
  feed: boolean,
): DeleteChange {
  const { customerId, revision: expectedRevision, createdAt } = current;
  const { removeEntries } = entryChanges(schema, current, undefined);
  return {
    kind: 'delete',
    customerId,
    schemaVersion: schema.version,
    expectedRevision,
    createdAt,
    ...kept(cause, feed, schema, current, undefined),
    at: notBefore(now, current),
    removeEntries,
  };
}

/** The repository change that adds the index entries of a profile for all keys of the schema. */
export function indexing(
  schema: CompiledSchema,
  { customerId, revision: expectedRevision, createdAt, attributes, extensions, residual }: StoredProfile,
): IndexChange {
  const { addEntries } = entryChanges(schema, undefined, { attributes, extensions, residual });
  return { kind: 'index', customerId, schemaVersion: schema.version, expectedRevision, createdAt, addEntries };
}

/** The clocks of two servers may differ, but the times of one profile never decrease with its revisions (H1). */
export function notBefore(now: string, { updatedAt }: Pick<StoredProfile, 'updatedAt'>): string {
  return now < updatedAt ? updatedAt : now;
}

import type { AttributesDocument, ExtensionsDocument, ResidualDocument } from '../model/documents.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { StateContent } from '../rules/difference.js';
import { entryChanges } from '../rules/identification/entries.js';
import { keepResidual, type NextContent } from '../rules/residual.js';
import type {
  CreateChange,
  DeleteChange,
  IndexChange,
  StateMetadata,
  StoredProfile,
  UpdateChange,
} from '../storage/profile-repository.js';

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
  metadata: StateMetadata,
): CreateChange {
  const { addEntries } = entryChanges(schema, undefined, { attributes, extensions, residual });
  return {
    kind: 'create',
    schemaVersion: schema.version,
    customerId,
    metadata,
    segment,
    attributes,
    extensions,
    residual,
    at,
    addEntries,
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
  metadata: StateMetadata,
  now: string,
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
      metadata,
      segment,
      attributes,
      extensions,
      residual,
      at,
      addEntries,
      removeEntries,
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
  metadata: StateMetadata,
  now: string,
): DeleteChange {
  const { customerId, revision: expectedRevision, createdAt } = current;
  const { removeEntries } = entryChanges(schema, current, undefined);
  return {
    kind: 'delete',
    customerId,
    schemaVersion: schema.version,
    expectedRevision,
    createdAt,
    metadata,
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

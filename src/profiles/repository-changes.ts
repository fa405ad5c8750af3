import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { entryChanges } from '../rules/identification/entries.js';
import type {
  CreateChange,
  DeleteChange,
  IndexChange,
  StoredProfile,
  UpdateChange,
} from '../storage/profile-repository.js';

/** The next state of a profile. If absent, the extensions and the segment stay as they are. */
export interface NextState {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
  readonly segment?: string | undefined;
}

/** The repository change that creates a profile. */
export function creation(
  tenantId: string,
  schema: CompiledSchema,
  { customerId, segment, attributes, extensions = {}, createdAt: at }: StoredProfile,
): CreateChange {
  const { addEntries } = entryChanges(schema, undefined, { attributes, extensions });
  return {
    kind: 'create',
    tenantId,
    schemaVersion: schema.version,
    customerId,
    segment,
    attributes,
    extensions,
    at,
    addEntries,
  };
}

/** The repository change that updates a profile, and the profile afterwards. */
export function update(
  tenantId: string,
  schema: CompiledSchema,
  current: StoredProfile,
  { attributes, extensions, segment }: NextState,
  at: string,
): { readonly change: UpdateChange; readonly profile: StoredProfile } {
  const { customerId, revision, createdAt } = current;
  const { addEntries, removeEntries } = entryChanges(schema, current, { attributes, extensions });
  return {
    change: {
      kind: 'update',
      tenantId,
      customerId,
      schemaVersion: schema.version,
      expectedRevision: revision,
      createdAt,
      segment,
      attributes,
      extensions,
      at,
      addEntries,
      removeEntries,
    },
    profile: {
      customerId,
      revision: revision + 1,
      segment: segment ?? current.segment,
      attributes,
      extensions: extensions ?? current.extensions,
      createdAt,
      updatedAt: at,
    },
  };
}

/** The repository change that deletes a profile. The profile must have been loaded with its extensions. */
export function deletion(tenantId: string, schema: CompiledSchema, current: StoredProfile): DeleteChange {
  const { customerId, revision: expectedRevision, createdAt } = current;
  const { removeEntries } = entryChanges(schema, current, undefined);
  return {
    kind: 'delete',
    tenantId,
    customerId,
    schemaVersion: schema.version,
    expectedRevision,
    createdAt,
    removeEntries,
  };
}

/** The repository change that adds the index entries of a profile for all keys of the schema. */
export function indexing(
  tenantId: string,
  schema: CompiledSchema,
  { customerId, revision: expectedRevision, createdAt, attributes, extensions }: StoredProfile,
): IndexChange {
  const { addEntries } = entryChanges(schema, undefined, { attributes, extensions });
  return {
    kind: 'index',
    tenantId,
    customerId,
    schemaVersion: schema.version,
    expectedRevision,
    createdAt,
    addEntries,
  };
}

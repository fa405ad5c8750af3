import type { CompiledSchema } from '../rules/compiled-schema.js';
import { isCustomerId } from '../rules/ids.js';
import type { Loaded, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import type { SchemaSource } from './schema-source.js';

/** Where profiles are read, with the schemas as they are there. */
export interface ProfileSource {
  readonly repository: ProfileRepository;
  readonly schemas: SchemaSource;
}

/** Reads a profile and the schema of its tenant; neither need be there. */
export async function loadProfile(
  { repository, schemas }: ProfileSource,
  tenantId: string,
  customerId: string,
  extensions: boolean,
): Promise<{ readonly schema: CompiledSchema | undefined; readonly profile: StoredProfile | undefined }> {
  const { schemaVersion, profile } = await loadStored(repository, tenantId, customerId, extensions);
  const schema = schemaVersion === undefined ? undefined : await schemas.at(tenantId, schemaVersion);
  return { schema, profile };
}

async function loadStored(
  repository: ProfileRepository,
  tenantId: string,
  customerId: string,
  extensions: boolean,
): Promise<Loaded> {
  if (isCustomerId(customerId)) return repository.load(tenantId, customerId, { extensions });
  // No profile can have such an id, so the storage is not asked for it.
  return { schemaVersion: (await repository.loadSchema(tenantId))?.version };
}

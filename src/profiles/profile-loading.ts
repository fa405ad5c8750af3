import { NotFoundError } from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { isCustomerId } from '../rules/ids.js';
import type { Loaded, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import type { SchemaSource } from './schema-source.js';

/** A repository to read profiles from, with the schemas of the same repository. */
export interface ProfileSource {
  readonly repository: ProfileRepository;
  readonly schemas: SchemaSource;
}

/** Loads a profile and the schema of its tenant. Either may be `undefined`. */
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
  // No profile can have an id of another form, so only the schema is loaded.
  return { schemaVersion: (await repository.loadSchema(tenantId))?.version };
}

/** @param mergedInto the profile that took it over */
export function noSuchProfile(mergedInto?: string | undefined): NotFoundError {
  return new NotFoundError('The tenant has no profile with this customer id.', { mergedInto });
}

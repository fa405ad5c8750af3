import type { ServiceIdentifier } from 'inversify';
import type { ProfileService } from '../profiles/profile-service.js';
import type { SchemaService } from '../schemas/schema-service.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/**
 * What the modules of Dossier bind in a container. They are registered symbols, so that two copies of the package mean
 * the same thing by them.
 */
export const identifiers: {
  readonly profileRepository: ServiceIdentifier<ProfileRepository>;
  readonly profileService: ServiceIdentifier<ProfileService>;
  readonly schemaService: ServiceIdentifier<SchemaService>;
} = {
  profileRepository: Symbol.for('dossier/ProfileRepository'),
  profileService: Symbol.for('dossier/ProfileService'),
  schemaService: Symbol.for('dossier/SchemaService'),
};

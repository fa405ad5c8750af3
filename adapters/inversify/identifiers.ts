import type { Dossier, ProfileService, SchemaService } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import type { ServiceIdentifier } from 'inversify';

/**
 * The service identifiers that the modules bind. They are registered symbols (`Symbol.for`), so that two copies of the
 * package use the same ones.
 */
export const identifiers: {
  readonly profileRepository: ServiceIdentifier<ProfileRepository>;
  readonly dossier: ServiceIdentifier<Dossier<unknown>>;
  readonly profileService: ServiceIdentifier<ProfileService>;
  readonly schemaService: ServiceIdentifier<SchemaService>;
} = {
  profileRepository: Symbol.for('dossier/ProfileRepository'),
  dossier: Symbol.for('dossier/Dossier'),
  profileService: Symbol.for('dossier/ProfileService'),
  schemaService: Symbol.for('dossier/SchemaService'),
};

import { Container, ContainerModule } from 'inversify';
import { checkOptions } from '../definitions/check-options.js';
import type { ProfileService } from '../profiles/profile-service.js';
import type { SchemaService } from '../schemas/schema-service.js';
import { isRepository } from '../storage/is-repository.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { identifiers } from './identifiers.js';
import { type ProfileOptions, profileModule } from './profile-module.js';

export interface CreateProfilesOptions extends ProfileOptions {
  /** Where profiles are kept. */
  readonly repository: ProfileRepository;
}

/**
 * The services for a host without a container of its own.
 *
 * ```ts
 * const { profiles, schemas } = createProfiles({ repository: new InMemoryProfileRepository() });
 * ```
 *
 * @throws InvalidOptionsError with all problems at once
 */
export function createProfiles({ repository, ...options }: CreateProfilesOptions): {
  readonly profiles: ProfileService;
  readonly schemas: SchemaService;
} {
  checkOptions(
    options,
    isRepository(repository) ? [] : [{ pointer: '/repository', rule: '', expected: 'a ProfileRepository' }],
  );
  // Inversify would otherwise generate code, which hosts that disallow it do not run.
  const container = new Container({ jitless: true });
  container.load(
    profileModule(options),
    new ContainerModule(({ bind }) => {
      bind(identifiers.profileRepository).toConstantValue(repository);
    }),
  );
  return {
    profiles: container.get(identifiers.profileService),
    schemas: container.get(identifiers.schemaService),
  };
}

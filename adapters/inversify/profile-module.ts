import { checkServiceOptions, createDossier, type Dossier, type ServiceOptions } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import type { ContainerModule } from 'inversify';
import { containerModule } from './container-module.js';
import { identifiers } from './identifiers.js';

/**
 * Binds `identifiers.dossier`, `identifiers.profileService` and `identifiers.schemaService` as singletons of the container.
 * The container also needs a repository: load `inMemoryModule()` or `knexModule({ knex })`, or bind your own to
 * `identifiers.profileRepository`.
 *
 * @throws InvalidOptionsError with a violation for each option that is not valid
 */
export function profileModule(options: ServiceOptions = {}): ContainerModule {
  checkServiceOptions(options);
  return containerModule((bind) => {
    bind(identifiers.dossier)
      .toResolvedValue(
        (repository: ProfileRepository): Dossier<unknown> => createDossier<unknown>({ ...options, repository }),
        [identifiers.profileRepository],
      )
      .inSingletonScope();
    bind(identifiers.profileService)
      .toResolvedValue(({ profiles }: Dossier<unknown>) => profiles, [identifiers.dossier])
      .inSingletonScope();
    bind(identifiers.schemaService)
      .toResolvedValue(({ schemas }: Dossier<unknown>) => schemas, [identifiers.dossier])
      .inSingletonScope();
  });
}

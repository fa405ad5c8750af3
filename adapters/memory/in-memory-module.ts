import { identifiers } from 'dossier';
import { ContainerModule } from 'inversify';
import { InMemoryProfileRepository } from './in-memory-profile-repository.js';

/**
 * Binds `identifiers.profileRepository` to one {@link InMemoryProfileRepository} per container.
 *
 * ```ts
 * const container = new Container();
 * await container.load(profileModule(), inMemoryModule());
 * const profiles = container.get(identifiers.profileService);
 * ```
 */
export function inMemoryModule(): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(identifiers.profileRepository)
      .toResolvedValue(() => new InMemoryProfileRepository())
      .inSingletonScope();
  });
}

import { InMemoryProfileRepository } from 'dossier/memory';
import type { ContainerModule } from 'inversify';
import { containerModule } from './container-module.js';
import { identifiers } from './identifiers.js';

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
  return containerModule((bind) => {
    bind(identifiers.profileRepository)
      .toResolvedValue(() => new InMemoryProfileRepository())
      .inSingletonScope();
  });
}

import { type KnexLike, KnexProfileRepository, type TableOptions } from 'dossier/knex';
import type { ContainerModule } from 'inversify';
import { containerModule } from './container-module.js';
import { identifiers } from './identifiers.js';

/** The options of {@link knexModule}. */
export interface KnexModuleOptions extends TableOptions {
  /** The host's Knex instance. The host configures and closes it. */
  readonly knex: KnexLike;
}

/**
 * Binds `identifiers.profileRepository` to one {@link KnexProfileRepository} per container.
 *
 * ```ts
 * const container = new Container();
 * await container.load(profileModule(), knexModule({ knex }));
 * const profiles = container.get(identifiers.profileService);
 * ```
 *
 * @throws InvalidOptionsError with a violation for each option that is not valid
 */
export function knexModule(options: KnexModuleOptions): ContainerModule {
  const { knex, ...tables } = options ?? {};
  const repository = new KnexProfileRepository(knex, tables);
  return containerModule((bind) => {
    bind(identifiers.profileRepository)
      .toResolvedValue(() => repository)
      .inSingletonScope();
  });
}

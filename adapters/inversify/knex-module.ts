import 'reflect-metadata';
import { type KnexLike, KnexProfileRepository, type TableOptions } from 'dossier/knex';
import { ContainerModule } from 'inversify';
import { identifiers } from './identifiers.js';

/** What {@link knexModule} takes. */
export interface KnexModuleOptions extends TableOptions {
  /** The host's Knex instance, which stays the host's. */
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
 * @throws InvalidOptionsError with all problems at once
 */
export function knexModule({ knex, ...options }: KnexModuleOptions): ContainerModule {
  const repository = new KnexProfileRepository(knex, options);
  return new ContainerModule(({ bind }) => {
    bind(identifiers.profileRepository)
      .toResolvedValue(() => repository)
      .inSingletonScope();
  });
}

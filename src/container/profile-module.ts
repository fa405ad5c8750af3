import { ContainerModule, type ServiceIdentifier } from 'inversify';
import { checkOptions } from '../definitions/check-options.js';
import { creationInstants } from '../profiles/creation-timestamps.js';
import { CustomerIdGenerator } from '../profiles/customer-ids.js';
import { ProfileService } from '../profiles/profile-service.js';
import type { Settings } from '../profiles/settings.js';
import { CompiledSchemas } from '../schemas/schema-cache.js';
import { SchemaService } from '../schemas/schema-service.js';
import { CheckedRepository } from '../storage/checked-repository.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { identifiers } from './identifiers.js';

/** How the services behave. Every option has a default that is safe. */
export interface ProfileOptions {
  /**
   * The most bytes of JSON, in UTF-8, that the attributes of a profile may take, and its extensions likewise: 1,024 to
   * 16,777,216. Default 1,048,576 (1 MiB).
   */
  readonly maxProfileBytes?: number | undefined;
  /** Whether every replacement and deletion must name the revision that it expects. Default false. */
  readonly requireExpectedRevision?: boolean | undefined;
  /** Of how many tenants the compiled schema is kept in memory, 1 to 1,000,000. Default 1,000. */
  readonly schemaCacheSize?: number | undefined;
  /**
   * Where `get` and `identify` read, unless they ask for what is fresh: a repository over a copy of the storage that may
   * lag behind. What a write is decided by is never read there. Default: where the rest is read and written.
   */
  readonly replica?: ProfileRepository | undefined;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
  /** Makes customer ids for profiles created without one. Default: 16 characters that sort by creation time. */
  readonly generateCustomerId?: (() => string) | undefined;
}

/** What the services share, in the form in which only they use it. */
const checkedRepository: ServiceIdentifier<ProfileRepository> = Symbol.for('dossier/CheckedRepository');
const compiledSchemas: ServiceIdentifier<CompiledSchemas> = Symbol.for('dossier/CompiledSchemas');
const settings: ServiceIdentifier<Settings> = Symbol.for('dossier/Settings');

/**
 * Binds `identifiers.profileService` and `identifiers.schemaService`, one of each per container. The container must also
 * have a repository: load `inMemoryModule()` or `knexModule(…)`, or bind your own to `identifiers.profileRepository`.
 *
 * @throws InvalidOptionsError with all problems at once
 */
export function profileModule(options: ProfileOptions = {}): ContainerModule {
  checkOptions(options);
  return new ContainerModule(({ bind }) => {
    bind(settings).toConstantValue(complete(options));
    bind(checkedRepository)
      .toResolvedValue(
        (repository: ProfileRepository) => new CheckedRepository(repository),
        [identifiers.profileRepository],
      )
      .inSingletonScope();
    bind(compiledSchemas)
      .toResolvedValue(
        (repository: ProfileRepository, { schemaCacheSize }: Settings) =>
          new CompiledSchemas(repository, schemaCacheSize),
        [checkedRepository, settings],
      )
      .inSingletonScope();
    bind(identifiers.profileService)
      .toResolvedValue(
        (...parts: [ProfileRepository, CompiledSchemas, Settings]) => new ProfileService(...parts),
        [checkedRepository, compiledSchemas, settings],
      )
      .inSingletonScope();
    bind(identifiers.schemaService)
      .toResolvedValue(
        (...parts: [ProfileRepository, CompiledSchemas, Settings]) => new SchemaService(...parts),
        [checkedRepository, compiledSchemas, settings],
      )
      .inSingletonScope();
  });
}

function complete(options: ProfileOptions): Settings {
  const now = options.now ?? (() => new Date());
  const ids = new CustomerIdGenerator(now);
  return {
    now,
    creationInstant: creationInstants(now),
    generateCustomerId: options.generateCustomerId ?? (() => ids.next()),
    maxProfileBytes: options.maxProfileBytes ?? 1_048_576,
    requireExpectedRevision: options.requireExpectedRevision ?? false,
    schemaCacheSize: options.schemaCacheSize ?? 1_000,
    replica: options.replica && new CheckedRepository(options.replica),
  };
}

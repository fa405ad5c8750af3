import { NotSupportedError } from './errors.js';
import type { SchemaDefinition } from './model/schema.js';
import { type DossierOptions, readOptions } from './options.js';
import { ProfileChanges } from './profiles/profile-changes.js';
import { ProfileService } from './profiles/profile-service.js';
import { ReadSnapshots } from './profiles/read-snapshots.js';
import type { SchemaSource } from './profiles/schema-source.js';
import type { Settings } from './profiles/settings.js';
import { TenantProfiles } from './profiles/tenant-profiles.js';
import { checkTenantId } from './rules/ids.js';
import { SchemaCache } from './schemas/schema-cache.js';
import { SchemaService } from './schemas/schema-service.js';
import { TenantSchemas } from './schemas/tenant-schemas.js';
import { CheckedRepository } from './storage/checked-repository.js';
import type { ProfileRepository } from './storage/profile-repository.js';

/** The services over one repository. */
export interface Dossier<Transaction = never> {
  readonly profiles: ProfileService;
  readonly schemas: SchemaService;

  /**
   * The same services bound to one tenant: their methods do without the tenant id.
   *
   * ```ts
   * const crm = dossier.tenant('1', customerSchema);
   * await crm.profiles.replace(customerId, { attributes });
   * ```
   *
   * @param schema what {@link defineSchema} answers. It types the methods, and `schemas.define()` defines it; values are
   *   checked by the stored schema, whatever it is
   * @throws MalformedRequestError for what is no tenant id
   */
  tenant<const S extends SchemaDefinition = SchemaDefinition>(tenantId: string, schema?: S): TenantDossier<S>;

  /**
   * The same services within a transaction of the host: what they do takes place when the host commits, together with
   * whatever else the host does there. They read where they write, never from a replica.
   *
   * ```ts
   * await knex.transaction(async (trx) => {
   *   const { profiles } = dossier.within(trx);
   *   await profiles.replace('1', customerId, { attributes });
   *   await trx('orders').insert({ customer: customerId });
   * });
   * ```
   *
   * @throws NotSupportedError if the repository has no `withTransaction`
   * @throws InvalidOptionsError if the repository refuses the transaction
   */
  within(transaction: Transaction): Dossier<Transaction>;
}

/** The services of one tenant. */
export interface TenantDossier<S extends SchemaDefinition = SchemaDefinition> {
  readonly tenantId: string;
  readonly profiles: TenantProfiles<S>;
  readonly schemas: TenantSchemas;
}

/**
 * Makes the services over a repository.
 *
 * ```ts
 * const dossier = createDossier({ repository: new InMemoryProfileRepository() });
 * ```
 *
 * @throws InvalidOptionsError with all problems at once
 */
export function createDossier<Transaction = never>(options: DossierOptions<Transaction>): Dossier<Transaction> {
  const { repository, settings } = readOptions(options);
  const checked = new CheckedRepository(repository);
  const schemas = new SchemaCache(checked, settings.schemaCacheSize);
  return assemble(repository, { checked, schemas, settings, snapshots: new ReadSnapshots() });
}

/** What the services are made of. */
interface Parts {
  readonly checked: ProfileRepository;
  readonly schemas: SchemaSource;
  readonly settings: Settings;
  readonly snapshots: ReadSnapshots;
}

function assemble<Transaction>(repository: ProfileRepository<Transaction>, parts: Parts): Dossier<Transaction> {
  const source = { repository: parts.checked, schemas: parts.schemas };
  const changes = new ProfileChanges(source, parts.settings);
  const profiles = new ProfileService(source, changes, parts.settings, parts.snapshots);
  const schemas = new SchemaService(parts.checked, changes);
  return {
    profiles,
    schemas,
    tenant(tenantId, schema) {
      checkTenantId(tenantId);
      return {
        tenantId,
        profiles: new TenantProfiles(profiles, tenantId),
        schemas: new TenantSchemas(schemas, tenantId, schema),
      };
    },
    within(transaction) {
      if (typeof repository.withTransaction !== 'function') {
        throw new NotSupportedError('The repository cannot join a transaction of the host: it has no withTransaction.');
      }
      const bound = new CheckedRepository(repository.withTransaction(transaction));
      return assemble(repository, {
        checked: bound,
        schemas: parts.schemas.over(bound),
        settings: { ...parts.settings, replica: undefined },
        snapshots: parts.snapshots.within(),
      });
    },
  };
}

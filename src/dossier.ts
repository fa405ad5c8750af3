import { NotSupportedError } from './errors.js';
import type { SchemaDefinition } from './model/schema.js';
import { type DossierOptions, readOptions } from './options.js';
import { ChangeFeed, type ChangePage, type ChangesOptions } from './profiles/change-feed.js';
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
import { traceOperation } from './storage/tracing.js';

/** The services over one repository, made by {@link createDossier}. */
export interface Dossier<Transaction = never> {
  /** Creates, reads, changes, finds, imports and deletes profiles. */
  readonly profiles: ProfileService;
  /** Reads and changes the tenants' schemas. */
  readonly schemas: SchemaService;

  /**
   * Reads the feed of all tenants, as `profiles.changes` does that of one. Its cursors are valid here alone.
   *
   * @throws MalformedRequestError also if `after` is no cursor of this feed
   * @throws CursorExpiredError if lines after it are no longer kept
   * @throws NotSupportedError if no feed is kept, or in a transaction of the host
   */
  changes(options?: ChangesOptions): Promise<ChangePage>;

  /**
   * The services bound to one tenant: their methods take no tenant id.
   *
   * ```ts
   * const crm = dossier.tenant('1', customerSchema);
   * await crm.profiles.replace(customerId, { attributes });
   * ```
   *
   * @param schema the result of {@link defineSchema}. It types the methods, and `schemas.define()` stores it. Values
   *   are checked against the stored schema, even if it differs
   * @throws MalformedRequestError if the tenant id is not 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -` (R17)
   */
  tenant<const S extends SchemaDefinition = SchemaDefinition>(tenantId: string, schema?: S): TenantDossier<S>;

  /**
   * The services bound to a transaction of the host: their changes take effect when the host commits, together with the
   * host's own. They read inside the transaction, never from a replica. Roll back after a `StorageUnavailableError`;
   * any other error leaves the transaction usable.
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

/** The services bound to one tenant, made by {@link Dossier.tenant}. */
export interface TenantDossier<S extends SchemaDefinition = SchemaDefinition> {
  readonly tenantId: string;
  readonly profiles: TenantProfiles<S>;
  readonly schemas: TenantSchemas;
}

/**
 * Creates the services over a repository. Nothing is read or written yet, so schemas and profiles may be missing.
 *
 * ```ts
 * const dossier = createDossier({ repository: new InMemoryProfileRepository() });
 * ```
 *
 * @throws InvalidOptionsError with a violation for each option that is not valid
 */
export function createDossier<Transaction = never>(options: DossierOptions<Transaction>): Dossier<Transaction> {
  const { repository, settings } = readOptions(options);
  const checked = new CheckedRepository(repository);
  const schemas = new SchemaCache(checked, settings.schemaCacheSize);
  const feed = new ChangeFeed(checked, settings, false);
  return assemble(repository, { checked, schemas, settings, snapshots: new ReadSnapshots(), feed });
}

/** The dependencies of the services. */
interface Parts {
  readonly checked: ProfileRepository;
  readonly schemas: SchemaSource;
  readonly settings: Settings;
  readonly snapshots: ReadSnapshots;
  readonly feed: ChangeFeed;
}

function assemble<Transaction>(repository: ProfileRepository<Transaction>, parts: Parts): Dossier<Transaction> {
  const source = { repository: parts.checked, schemas: parts.schemas };
  const changes = new ProfileChanges(source, parts.settings);
  const profiles = new ProfileService(source, changes, parts.settings, parts.snapshots, parts.feed);
  const schemas = new SchemaService(parts.checked, changes, parts.settings);
  return {
    profiles,
    schemas,
    changes: (options = {}) => traceOperation('changes', undefined, () => parts.feed.read(undefined, options)),
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
      const settings = { ...parts.settings, replica: undefined };
      return assemble(repository, {
        checked: bound,
        schemas: parts.schemas.over(bound),
        settings,
        snapshots: parts.snapshots.within(),
        feed: new ChangeFeed(bound, settings, true),
      });
    },
  };
}

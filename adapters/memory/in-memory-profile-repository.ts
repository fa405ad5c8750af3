import type {
  Change,
  ChangesPage,
  ChangesRequest,
  CommitOptions,
  CommitResult,
  ErasureRequest,
  ErasureResult,
  FindRequest,
  Found,
  HistoryPage,
  HistoryRequest,
  IndexEntry,
  Lineage,
  Loaded,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  PruneChangesRequest,
  PruneRequest,
  PruneResult,
  ReplaceChange,
  ReplaceResult,
  SchemaChange,
  SchemaCommitResult,
  ServerMode,
  StoredSchema,
} from 'dossier/storage';
import { ChangeFeed } from './change-feed.js';
import { copyDocument } from './copy-document.js';
import { findConflict } from './find-conflict.js';
import { TenantStore } from './tenant-store.js';

/**
 * Stores profiles in memory and fulfils the whole contract of {@link ProfileRepository}. For tests, and for hosts that load
 * their data at each start. Instances share nothing.
 *
 * Each method changes or selects what is stored synchronously, so concurrent calls are serialized.
 *
 * ```ts
 * const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
 * ```
 */
export class InMemoryProfileRepository implements ProfileRepository {
  readonly capabilities = { history: true, replace: true, changes: true, erasure: true, serverMode: true } as const;
  readonly #feed = new ChangeFeed();
  readonly #tenants = new Map<string, TenantStore>();
  #serverMode: ServerMode | undefined;

  async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded> {
    const tenant = this.#tenants.get(tenantId);
    return { schemaVersion: tenant?.schema?.version, profile: tenant?.read(customerId, options.extensions) };
  }

  async commit(tenantId: string, changes: readonly Change[], options: CommitOptions): Promise<CommitResult> {
    if (changes.length === 0) return { outcome: 'committed', revisions: [] };
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) return { outcome: 'schema_changed' };
    const conflict = findConflict(tenant, changes);
    return conflict ?? { outcome: 'committed', revisions: tenant.apply(changes, options) };
  }

  async replace(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult> {
    return this.#tenants.get(tenantId)?.replace(change, options) ?? { outcome: 'look' };
  }

  async find(tenantId: string, entry: IndexEntry, page: FindRequest): Promise<Found> {
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) return { profiles: [], more: false };
    const customerIds = tenant.entries.holders(entry, page.after, page.limit + 1);
    const schemaVersion = tenant.schema?.version;
    return { schemaVersion, ...(await tenant.readPage(customerIds, page)) };
  }

  async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) return { profiles: [], more: false };
    const { after, limit } = page;
    return tenant.readPage(tenant.customerIds.after(after, limit + 1), { limit, extensions: true });
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    return copyDocument(this.#tenants.get(tenantId)?.schema);
  }

  async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
    const tenant = this.#tenants.get(tenantId) ?? new TenantStore(tenantId, this.#feed);
    const version = tenant.schema?.version;
    if ((version ?? 0) !== change.expectedVersion) return { outcome: 'schema_changed', schemaVersion: version };
    tenant.schema = { version: change.expectedVersion + 1, schema: copyDocument(change.schema) };
    this.#tenants.set(tenantId, tenant);
    return { outcome: 'committed' };
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    return this.#tenants.get(tenantId)?.entries.drop(key, limit) ?? 0;
  }

  async history(tenantId: string, customerId: string, request: HistoryRequest): Promise<HistoryPage> {
    return this.#tenants.get(tenantId)?.readStates(customerId, request) ?? { states: [], more: false };
  }

  async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
    return this.#tenants.get(tenantId)?.formerStates.prune(request) ?? { removed: 0 };
  }

  async changes(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage> {
    return this.#feed.read(tenantId, request);
  }

  async pruneChanges(tenantId: string, request: PruneChangesRequest): Promise<number> {
    return this.#feed.prune(tenantId, request);
  }

  async lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
    return this.#tenants.get(tenantId)?.lineage(customerId);
  }

  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    return this.#tenants.get(tenantId)?.erase(request) ?? { outcome: 'changed' };
  }

  async loadServerMode(): Promise<ServerMode | undefined> {
    return this.#serverMode;
  }

  async storeServerMode(mode: ServerMode): Promise<void> {
    this.#serverMode = mode;
  }

  async ping(): Promise<void> {}
}

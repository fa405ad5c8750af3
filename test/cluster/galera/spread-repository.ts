import type { KnexProfileRepository } from 'dossier/knex';
import type {
  Change,
  ChangesRequest,
  CommitOptions,
  ErasureRequest,
  HistoryRequest,
  IndexEntry,
  PageRequest,
  ProfileRepository,
  PruneChangesRequest,
  PruneRequest,
  SchemaChange,
  ServerMode,
} from 'dossier/storage';

/** A round-robin over repositories on different nodes: no two successive calls use the same node. */
export class SpreadRepository implements ProfileRepository {
  readonly capabilities = { history: true, changes: true, erasure: true, serverMode: true };
  readonly #repositories: readonly KnexProfileRepository[];
  #index = 0;

  constructor(repositories: readonly KnexProfileRepository[]) {
    this.#repositories = repositories;
  }

  load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
    return this.#next().load(tenantId, customerId, options);
  }

  commit(tenantId: string, changes: readonly Change[], options: CommitOptions) {
    return this.#next().commit(tenantId, changes, options);
  }

  find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
    return this.#next().find(tenantId, entry, page);
  }

  page(tenantId: string, page: PageRequest) {
    return this.#next().page(tenantId, page);
  }

  loadSchema(tenantId: string) {
    return this.#next().loadSchema(tenantId);
  }

  commitSchema(tenantId: string, change: SchemaChange) {
    return this.#next().commitSchema(tenantId, change);
  }

  dropEntries(tenantId: string, key: string, limit: number) {
    return this.#next().dropEntries(tenantId, key, limit);
  }

  history(tenantId: string, customerId: string, request: HistoryRequest) {
    return this.#next().history(tenantId, customerId, request);
  }

  prune(tenantId: string, request: PruneRequest) {
    return this.#next().prune(tenantId, request);
  }

  changes(tenantId: string | undefined, request: ChangesRequest) {
    return this.#next().changes(tenantId, request);
  }

  pruneChanges(tenantId: string, request: PruneChangesRequest) {
    return this.#next().pruneChanges(tenantId, request);
  }

  lineage(tenantId: string, customerId: string) {
    return this.#next().lineage(tenantId, customerId);
  }

  erase(tenantId: string, request: ErasureRequest) {
    return this.#next().erase(tenantId, request);
  }

  loadServerMode() {
    return this.#next().loadServerMode();
  }

  storeServerMode(mode: ServerMode) {
    return this.#next().storeServerMode(mode);
  }

  ping() {
    return this.#next().ping();
  }

  #next(): KnexProfileRepository {
    this.#index = (this.#index + 1) % this.#repositories.length;
    return this.#repositories[this.#index] as KnexProfileRepository;
  }
}

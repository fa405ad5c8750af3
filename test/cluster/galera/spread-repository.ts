import type { Change, IndexEntry, PageRequest, ProfileRepository, SchemaChange } from 'dossier/storage';

/** A round-robin over repositories on different nodes: no two successive calls use the same node. */
export class SpreadRepository implements ProfileRepository {
  readonly #repositories: readonly ProfileRepository[];
  #index = 0;

  constructor(repositories: readonly ProfileRepository[]) {
    this.#repositories = repositories;
  }

  load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
    return this.#next().load(tenantId, customerId, options);
  }

  commit(changes: readonly Change[]) {
    return this.#next().commit(changes);
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

  commitSchema(change: SchemaChange) {
    return this.#next().commitSchema(change);
  }

  dropEntries(tenantId: string, key: string, limit: number) {
    return this.#next().dropEntries(tenantId, key, limit);
  }

  ping() {
    return this.#next().ping();
  }

  #next(): ProfileRepository {
    this.#index = (this.#index + 1) % this.#repositories.length;
    return this.#repositories[this.#index] as ProfileRepository;
  }
}

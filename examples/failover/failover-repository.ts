import { isDossierError, type StorageUnavailableError } from 'dossier';
import type {
  Change,
  CommitOptions,
  IndexEntry,
  PageRequest,
  ProfileRepository,
  RepositoryCapabilities,
  SchemaChange,
} from 'dossier/storage';

type Optional =
  | 'replace'
  | 'history'
  | 'prune'
  | 'changes'
  | 'pruneChanges'
  | 'lineage'
  | 'erase'
  | 'loadServerMode'
  | 'storeServerMode';
type Capable = Required<Pick<ProfileRepository, Optional>>;

/**
 * A repository over several servers that each have all data: the nodes of a cluster, or a primary and its standby. It uses
 * one server until that is unavailable, and then the next.
 *
 * ```ts
 * const repository = new FailoverRepository(nodes.map((knex) => new KnexProfileRepository(knex)));
 * const { profiles, schemas } = createDossier({ repository });
 * ```
 */
export class FailoverRepository implements ProfileRepository {
  readonly capabilities: RepositoryCapabilities | undefined;
  readonly replace?: Capable['replace'];
  readonly history?: Capable['history'];
  readonly prune?: Capable['prune'];
  readonly changes?: Capable['changes'];
  readonly pruneChanges?: Capable['pruneChanges'];
  readonly lineage?: Capable['lineage'];
  readonly erase?: Capable['erase'];
  readonly loadServerMode?: Capable['loadServerMode'];
  readonly storeServerMode?: Capable['storeServerMode'];
  readonly #servers: readonly ProfileRepository[];
  #current = 0;

  /** @param servers at least one, in order of preference, all with the same capabilities */
  constructor(servers: readonly ProfileRepository[]) {
    this.#servers = servers;
    this.capabilities = servers[0]?.capabilities;
    if (this.capabilities?.replace) {
      this.replace = (...args) => this.#onAny((server) => (server as Capable).replace(...args));
    }
    if (this.capabilities?.history) {
      this.history = (...args) => this.#onAny((server) => (server as Capable).history(...args));
      this.prune = (...args) => this.#onAny((server) => (server as Capable).prune(...args));
    }
    if (this.capabilities?.changes) {
      this.changes = (...args) => this.#onAny((server) => (server as Capable).changes(...args));
      this.pruneChanges = (...args) => this.#onAny((server) => (server as Capable).pruneChanges(...args));
    }
    if (this.capabilities?.erasure) {
      this.lineage = (...args) => this.#onAny((server) => (server as Capable).lineage(...args));
      this.erase = (...args) => this.#onAny((server) => (server as Capable).erase(...args));
    }
    if (this.capabilities?.serverMode) {
      this.loadServerMode = () => this.#onAny((server) => (server as Capable).loadServerMode());
      this.storeServerMode = (mode) => this.#onAny((server) => (server as Capable).storeServerMode(mode));
    }
  }

  load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
    return this.#onAny((server) => server.load(tenantId, customerId, options));
  }

  commit(tenantId: string, changes: readonly Change[], options: CommitOptions) {
    return this.#onAny((server) => server.commit(tenantId, changes, options));
  }

  find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
    return this.#onAny((server) => server.find(tenantId, entry, page));
  }

  page(tenantId: string, page: PageRequest) {
    return this.#onAny((server) => server.page(tenantId, page));
  }

  loadSchema(tenantId: string) {
    return this.#onAny((server) => server.loadSchema(tenantId));
  }

  commitSchema(tenantId: string, change: SchemaChange) {
    return this.#onAny((server) => server.commitSchema(tenantId, change));
  }

  dropEntries(tenantId: string, key: string, limit: number) {
    return this.#onAny((server) => server.dropEntries(tenantId, key, limit));
  }

  ping() {
    return this.#onAny((server) => server.ping());
  }

  /** Tries each server once. A commit whose outcome is unknown is not retried: only the caller knows whether that is safe. */
  async #onAny<T>(work: (server: ProfileRepository) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      const chosen = this.#current;
      try {
        return await work(this.#servers[chosen] as ProfileRepository);
      } catch (error) {
        if (!isDossierError(error) || error.code !== 'storage_unavailable') throw error;
        // Of concurrent calls that fail, only the first switches to the next server.
        if (this.#current === chosen) this.#current = (chosen + 1) % this.#servers.length;
        if ((error as StorageUnavailableError).outcomeUnknown || tried === this.#servers.length) throw error;
      }
    }
  }
}

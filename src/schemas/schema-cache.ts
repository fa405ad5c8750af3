import type { SchemaSource } from '../profiles/schema-source.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { compileStoredSchema } from './compiled-stored-schema.js';

/**
 * A least-recently-used cache of compiled schemas: one version for each tenant. It may be outdated: the version that a
 * load returns and a commit checks reveals that (R16).
 */
export class SchemaCache implements SchemaSource {
  readonly #repository: ProfileRepository;
  readonly #capacity: number;
  readonly #byTenant = new Map<string, CompiledSchema>();
  readonly #shared: SchemaCache | undefined;
  /** The most recently used tenant, which is at the end of the map already. */
  #latest: string | undefined;

  constructor(repository: ProfileRepository, capacity: number, shared?: SchemaCache) {
    this.#repository = repository;
    this.#capacity = capacity;
    this.#shared = shared;
  }

  /** The schema in memory. */
  known(tenantId: string): CompiledSchema | undefined {
    const schema = this.#byTenant.get(tenantId);
    if (!schema) return this.#shared?.known(tenantId);
    if (tenantId !== this.#latest) this.#keep(tenantId, schema);
    return schema;
  }

  /** The schema of this version or a newer one; `undefined` if the tenant has none. */
  at(tenantId: string, version: number): CompiledSchema | Promise<CompiledSchema | undefined> {
    const known = this.known(tenantId);
    return known?.version === version ? known : this.newest(tenantId);
  }

  /** The newest schema, read from the repository; `undefined` if the tenant has none. */
  async newest(tenantId: string): Promise<CompiledSchema | undefined> {
    const stored = await this.#repository.loadSchema(tenantId);
    if (!stored) return undefined;
    const known = this.known(tenantId);
    if (known?.version === stored.version) return known;
    const compiled = await compileStoredSchema(stored);
    this.#keep(tenantId, compiled);
    return compiled;
  }

  /**
   * A cache over another repository. It reads from this cache too, but not vice versa: a schema read in a host's
   * transaction may be rolled back.
   */
  over(repository: ProfileRepository): SchemaCache {
    return new SchemaCache(repository, this.#capacity, this);
  }

  /** A map iterates in insertion order, so its first key is the least recently used one. */
  #keep(tenantId: string, schema: CompiledSchema): void {
    this.#byTenant.delete(tenantId);
    this.#byTenant.set(tenantId, schema);
    this.#latest = tenantId;
    if (this.#byTenant.size <= this.#capacity) return;
    const [oldest] = this.#byTenant.keys();
    if (oldest !== undefined) this.#byTenant.delete(oldest);
  }
}

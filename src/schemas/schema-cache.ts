import type { SchemaSource } from '../profiles/schema-source.js';
import { type CompiledSchema, compileSchema } from '../rules/compiled-schema.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/**
 * The compiled schemas of the tenants seen last, the newest version of each that is known here. Nothing relies on their
 * being current: what a load answers, and what a commit checks, tells when they are not (R16).
 */
export class SchemaCache implements SchemaSource {
  readonly #repository: ProfileRepository;
  readonly #capacity: number;
  readonly #byTenant = new Map<string, CompiledSchema>();
  readonly #shared: SchemaCache | undefined;
  /** The tenant asked for last, which is in its place already. */
  #latest: string | undefined;

  constructor(repository: ProfileRepository, capacity: number, shared?: SchemaCache) {
    this.#repository = repository;
    this.#capacity = capacity;
    this.#shared = shared;
  }

  /** What is known without asking the repository. */
  known(tenantId: string): CompiledSchema | undefined {
    const schema = this.#byTenant.get(tenantId);
    if (!schema) return this.#shared?.known(tenantId);
    if (tenantId !== this.#latest) this.#keep(tenantId, schema);
    return schema;
  }

  /** The schema of this version, or a newer one; `undefined` when the tenant has none any more. */
  at(tenantId: string, version: number): CompiledSchema | Promise<CompiledSchema | undefined> {
    const known = this.known(tenantId);
    return known?.version === version ? known : this.newest(tenantId);
  }

  /** The newest schema, from the repository; `undefined` when the tenant has none. */
  async newest(tenantId: string): Promise<CompiledSchema | undefined> {
    const stored = await this.#repository.loadSchema(tenantId);
    if (!stored) return undefined;
    const known = this.known(tenantId);
    if (known?.version === stored.version) return known;
    const compiled = compileSchema(stored.version, stored.schema);
    this.#keep(tenantId, compiled);
    return compiled;
  }

  /**
   * The same over another repository. What is known here is known there, but not the other way round: a schema that a
   * host's transaction sees may be rolled back.
   */
  over(repository: ProfileRepository): SchemaCache {
    return new SchemaCache(repository, this.#capacity, this);
  }

  /** A map answers in the order of insertion, so its first key is the one not used for longest. */
  #keep(tenantId: string, schema: CompiledSchema): void {
    this.#byTenant.delete(tenantId);
    this.#byTenant.set(tenantId, schema);
    this.#latest = tenantId;
    if (this.#byTenant.size <= this.#capacity) return;
    const [oldest] = this.#byTenant.keys();
    if (oldest !== undefined) this.#byTenant.delete(oldest);
  }
}
